use ruff_python_ast as ruff;
use ruff_text_size::Ranged;

use super::{Lower, Lowered};
use crate::{
    bytecode::{BinaryOp, UnaryOp},
    syntax::{
        ast::{CompareOp, Expr, ExprKind},
        fold,
    },
};

impl Lower<'_> {
    /// A chain of operators of one precedence, as long as parentheses do not interrupt it.
    pub(super) fn binary(&mut self, expr: &ruff::ExprBinOp) -> Lowered<Expr> {
        let mut links = vec![];
        let mut at = expr;
        let first = loop {
            links.push((at.op, &*at.right));
            match &*at.left {
                ruff::Expr::BinOp(left) if left.start() == expr.start() && same_chain(left.op, expr.op) => {
                    at = left;
                }
                other => break other,
            }
        };
        let first = Box::new(self.expr(first)?);
        let mut rest = Vec::with_capacity(links.len());
        for (op, right) in links.into_iter().rev() {
            rest.push((binary_op(op), self.expr(right)?));
        }
        Ok(match fold::binary(&first, &rest) {
            Some(number) => number.into_expr(0),
            None => Expr::new(self.line(expr), ExprKind::Binary { first, rest }),
        })
    }

    pub(super) fn unary(&mut self, expr: &ruff::ExprUnaryOp) -> Lowered<Expr> {
        let operand = Box::new(self.expr(&expr.operand)?);
        let line = self.line(expr);
        let op = match expr.op {
            ruff::UnaryOp::Not => return Ok(self.not(line, operand)),
            ruff::UnaryOp::Invert => UnaryOp::Invert,
            ruff::UnaryOp::UAdd => UnaryOp::Positive,
            ruff::UnaryOp::USub => UnaryOp::Negative,
        };
        Ok(match fold::unary(op, &operand) {
            Some(number) => number.into_expr(0),
            None => Expr::new(line, ExprKind::Unary { op, operand }),
        })
    }

    fn not(&self, line: u32, operand: Box<Expr>) -> Expr {
        match operand.truth(&self.names) {
            Some(true) => Expr::word(ExprKind::False),
            Some(false) => Expr::word(ExprKind::True),
            None => Expr::new(line, ExprKind::Not(operand)),
        }
    }

    /// `and` and `or`: operands whose truth is known and does not decide are dropped, those behind one that
    /// decides too. The last operand stays.
    pub(super) fn logical(&mut self, expr: &ruff::ExprBoolOp) -> Lowered<Expr> {
        let decides = expr.op == ruff::BoolOp::Or;
        let mut kept = Vec::with_capacity(expr.values.len());
        let mut decided = false;
        for (i, value) in expr.values.iter().enumerate() {
            let value = self.expr(value)?;
            let truth = value.truth(&self.names);
            if decided || (truth == Some(!decides) && i + 1 < expr.values.len()) {
                continue;
            }
            decided = truth == Some(decides);
            kept.push(value);
        }
        if kept.len() == 1 {
            return Ok(kept.remove(0));
        }
        let kind = if decides { ExprKind::Or(kept) } else { ExprKind::And(kept) };
        Ok(Expr::new(self.line(expr), kind))
    }

    pub(super) fn compare(&mut self, expr: &ruff::ExprCompare) -> Lowered<Expr> {
        let first = Box::new(self.expr(&expr.left)?);
        let mut rest = Vec::with_capacity(expr.ops.len());
        for (op, right) in expr.ops.iter().zip(&expr.comparators) {
            rest.push((compare_op(*op), self.expr(right)?));
        }
        Ok(Expr::new(self.line(expr), ExprKind::Compare { first, rest }))
    }
}

fn same_chain(a: ruff::Operator, b: ruff::Operator) -> bool {
    use ruff::Operator::{
        Add, BitAnd, BitOr, BitXor, Div, FloorDiv, LShift, MatMult, Mod, Mult, Pow, RShift, Sub,
    };
    let precedence = |op| match op {
        BitOr => 0,
        BitXor => 1,
        BitAnd => 2,
        LShift | RShift => 3,
        Add | Sub => 4,
        Mult | MatMult | Div | Mod | FloorDiv => 5,
        Pow => 6,
    };
    a != Pow && precedence(a) == precedence(b)
}

pub(super) fn binary_op(op: ruff::Operator) -> BinaryOp {
    match op {
        ruff::Operator::Add => BinaryOp::Add,
        ruff::Operator::Sub => BinaryOp::Subtract,
        ruff::Operator::Mult => BinaryOp::Multiply,
        ruff::Operator::MatMult => BinaryOp::MatMultiply,
        ruff::Operator::Div => BinaryOp::TrueDivide,
        ruff::Operator::Mod => BinaryOp::Modulo,
        ruff::Operator::Pow => BinaryOp::Power,
        ruff::Operator::LShift => BinaryOp::Lshift,
        ruff::Operator::RShift => BinaryOp::Rshift,
        ruff::Operator::BitOr => BinaryOp::Or,
        ruff::Operator::BitXor => BinaryOp::Xor,
        ruff::Operator::BitAnd => BinaryOp::And,
        ruff::Operator::FloorDiv => BinaryOp::FloorDivide,
    }
}

fn compare_op(op: ruff::CmpOp) -> CompareOp {
    match op {
        ruff::CmpOp::Eq => CompareOp::Plain(BinaryOp::Equal),
        ruff::CmpOp::NotEq => CompareOp::Plain(BinaryOp::NotEqual),
        ruff::CmpOp::Lt => CompareOp::Plain(BinaryOp::Less),
        ruff::CmpOp::LtE => CompareOp::Plain(BinaryOp::LessEqual),
        ruff::CmpOp::Gt => CompareOp::Plain(BinaryOp::More),
        ruff::CmpOp::GtE => CompareOp::Plain(BinaryOp::MoreEqual),
        ruff::CmpOp::Is => CompareOp::Plain(BinaryOp::Is),
        ruff::CmpOp::IsNot => CompareOp::Negated(BinaryOp::Is),
        ruff::CmpOp::In => CompareOp::Plain(BinaryOp::In),
        ruff::CmpOp::NotIn => CompareOp::Negated(BinaryOp::In),
    }
}
