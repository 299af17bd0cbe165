//! Nothing that a log holds or a reader does makes the viewer fall over.

use crate::common::{OURS, PLAIN, PYPY, Session, with};
use loopscope_viewer::keys::{BINDINGS, Key};
use loopscope_viewer::view;

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const SIZES: &[(u16, u16)] =
    &[(1, 1), (2, 60), (200, 2), (10, 3), (80, 24), (120, 40), (200, 60), (3, 5), (100, 9)];

fn play(session: &mut Session<'_>, random: &mut Random, keys: usize) {
    for _ in 0..keys {
        let binding = &BINDINGS[random.below(BINDINGS.len())];
        session.press(binding.keys[random.below(binding.keys.len())]);
        if random.below(9) == 0 {
            session.press(Key::Char(['e', '1', 'é', '本', ' '][random.below(5)]));
        }
        let (width, height) = SIZES[random.below(SIZES.len())];
        session.buffer(width, height, PLAIN);
        session.state.take_deeds();
    }
}

#[test]
fn any_keys_at_any_size() {
    for (seed, log) in [(1, OURS), (2, PYPY), (3, OURS), (4, PYPY)] {
        with(log, |session| play(session, &mut Random(seed * 0x9e37_79b9_7f4a_7c15), 400));
    }
}

#[test]
fn broken_logs() {
    let mut random = Random(0x1234_5678_9abc_def1);
    for round in 0..40 {
        let mut bytes = if round % 2 == 0 { OURS.to_vec() } else { PYPY.to_vec() };
        bytes.truncate(random.below(bytes.len()));
        for _ in 0..random.below(200) {
            let at = random.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = [b'\n', b'{', b'}', b'[', b'9', 0xff, 0, b'('][random.below(8)];
            }
        }
        with(&bytes, |session| {
            session.keys("3\t\t");
            play(session, &mut random, 30);
        });
    }
}

#[test]
fn garbage() {
    let noise: Vec<u8> = (0..100_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    with(&noise, |session| {
        session.keys("12345678");
        assert!(session.screen(80, 24).contains("log"));
    });
}

#[test]
fn a_log_that_becomes_another_while_it_is_looked_at() {
    for (before, after) in [(OURS, PYPY), (PYPY, OURS), (OURS, &OURS[..OURS.len() / 3]), (OURS, b"")] {
        with(before, |session| {
            session.keys("3\t\tjjjjjjj");
            let state = std::mem::replace(&mut session.state, loopscope_viewer::state::State::new(None));
            with(after, |session| {
                let fresh = std::mem::replace(&mut session.state, state);
                drop(fresh);
                let answer = loopscope_viewer::clerk::Answer::Loaded(session.spot.loaded().clone());
                session.state.receive(answer);
                session.buffer(120, 40, PLAIN);
                play(session, &mut Random(77), 200);
            });
        });
    }
}

#[test]
fn wide_characters_stay_in_their_columns() {
    with(OURS, |session| {
        session.keys("3\tg");
        let buffer = session.buffer(80, 24, PLAIN);
        let text = view::text(&buffer);
        assert!(text.contains("面積"), "{text}");
        for line in text.lines() {
            assert!(unicode_width::UnicodeWidthStr::width(line) <= 80, "{line}");
        }
    });
}

#[test]
fn pictures_are_well_formed() {
    with(OURS, |session| {
        session.keys("3\t");
        let buffer = session.buffer(120, 40, PLAIN);
        let svg = view::svg(&buffer, PLAIN);
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
        assert_eq!(svg.matches("<text").count(), svg.matches("</text>").count());
        assert!(svg.contains("日本語") || svg.contains("range(rounds)"));
    });
}
