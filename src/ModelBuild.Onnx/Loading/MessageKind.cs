namespace ModelBuild.Onnx;

/// <summary>Specifies the kind of a protobuf message, by the messages that it can contain.</summary>
internal enum MessageKind
{
    /// <summary>The field is not a message but a number, text or bytes, or it is unknown.</summary>
    None,

    /// <summary>The message contains no other messages.</summary>
    Leaf,
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
    Function,
    Training,
    ValueInfo,
    Annotation,
    NodeDevice,
    Sharding,
    ShardedDim,
    Type,
    TypeTensor,
    TypeElement,
    TypeMap,
    Shape,
}
