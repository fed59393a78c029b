//! The entities of a document as a tree.

use std::collections::BTreeMap;

use potok_wire::proto::events::{Entity, EntityType};

use crate::frame::Frame;
use crate::moment::size;
use crate::words;

/// A node, in the order in which trees are written.
pub(super) struct Node {
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) is_signature: bool,
    pub(super) size: String,
    /// Where its bytes are; empty when there are none.
    pub(super) file: String,
    /// It has nodes of its own, which follow.
    pub(super) opens: bool,
    /// So many lists end behind it.
    pub(super) closes: Vec<()>,
}

/// Deeper trees are cut: nobody reads them, and the exchange makes none.
const DEEPEST: usize = 12;

/// The tree under `root`. `base` is the page of the document.
pub(super) fn tree(frame: &Frame, entities: &[Entity], root: &str, base: &str) -> Vec<Node> {
    let mut children: BTreeMap<&str, Vec<&Entity>> = BTreeMap::new();
    for entity in entities {
        children.entry(entity.parent_entity_id.as_deref().unwrap_or_default()).or_default().push(entity);
    }
    let mut nodes = Vec::new();
    if let Some(root) = entities.iter().find(|entity| entity.entity_id == root) {
        add(frame, &children, root, base, 0, &mut nodes);
    }
    nodes
}

fn add(
    frame: &Frame,
    children: &BTreeMap<&str, Vec<&Entity>>,
    entity: &Entity,
    base: &str,
    depth: usize,
    nodes: &mut Vec<Node>,
) {
    let below = children.get(entity.entity_id.as_str()).filter(|_| depth < DEEPEST);
    let bytes = entity.content.as_ref().map_or(0, |content| u64::try_from(content.size).unwrap_or(0));
    nodes.push(Node {
        kind: words::entity(frame, entity),
        name: entity.file_name.clone().unwrap_or_default(),
        is_signature: entity.entity_type() == EntityType::Signature,
        size: if bytes > 0 { size(bytes, frame.is_russian()) } else { String::new() },
        file: if bytes > 0 { format!("{base}/file/{}", entity.entity_id) } else { String::new() },
        opens: below.is_some(),
        closes: Vec::new(),
    });
    for child in below.into_iter().flatten() {
        add(frame, children, child, base, depth + 1, nodes);
    }
    if below.is_some()
        && let Some(last) = nodes.last_mut()
    {
        last.closes.push(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_that_begins_ends() {
        let entity = |id: &str, parent: &str| Entity {
            entity_id: id.to_owned(),
            parent_entity_id: Some(parent.to_owned()),
            ..Entity::default()
        };
        let all = [entity("a", ""), entity("b", "a"), entity("c", "b"), entity("d", "a"), entity("x", "y")];
        let nodes = tree(&Frame::default(), &all, "a", "/base");
        let shape: Vec<(bool, usize)> = nodes.iter().map(|node| (node.opens, node.closes.len())).collect();
        assert_eq!(shape, [(true, 0), (true, 0), (false, 1), (false, 1)]);
        // One that is its own parent ends, too.
        assert_eq!(tree(&Frame::default(), &[entity("a", "a")], "a", "/base").len(), DEEPEST + 1);
    }
}
