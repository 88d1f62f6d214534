namespace ModelBuild.Onnx;

/// <summary>The messages of a document, as far as they differ in the messages that they hold.</summary>
internal enum MessageKind
{
    /// <summary>No message: a number, text or bytes, or a field that is not known.</summary>
    None,

    /// <summary>A message that holds no others.</summary>
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
