pub struct App;
impl App { pub fn changed(&self,_t:&[slipway_core::Tag]){} }
