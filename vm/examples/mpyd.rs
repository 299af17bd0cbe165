fn main() {
    let b = std::fs::read(std::env::args().nth(1).unwrap()).unwrap();
    let m = loopscope_vm::bytecode::mpy::read(&b).unwrap();
    print!("{}", loopscope_vm::bytecode::disasm::module_text(&m).unwrap());
}
