//! libyaml's events over a text: the floor that reading is measured against.

#![allow(unsafe_code, reason = "libyaml's interface is a C one; only this benchmark calls it")]

use std::mem::MaybeUninit;

use unsafe_libyaml::{
    YAML_STREAM_END_EVENT, yaml_event_delete, yaml_event_t, yaml_parser_delete,
    yaml_parser_initialize, yaml_parser_parse, yaml_parser_set_input_string, yaml_parser_t,
};

/// How many events libyaml finds.
pub(crate) fn events(text: &str) -> usize {
    let mut count = 0;
    let mut parser = MaybeUninit::<yaml_parser_t>::uninit();
    let mut event = MaybeUninit::<yaml_event_t>::uninit();
    // SAFETY: the parser is initialised before it is used, the text outlives it, and each event is
    // deleted once, after it was filled.
    unsafe {
        let parser = parser.as_mut_ptr();
        assert!(yaml_parser_initialize(parser).ok, "libyaml starts");
        yaml_parser_set_input_string(parser, text.as_ptr(), text.len() as u64);
        loop {
            let event = event.as_mut_ptr();
            assert!(yaml_parser_parse(parser, event).ok, "libyaml reads the generated file");
            let is_end = (*event).type_ == YAML_STREAM_END_EVENT;
            yaml_event_delete(event);
            count += 1;
            if is_end {
                break;
            }
        }
        yaml_parser_delete(parser);
    }
    count
}
