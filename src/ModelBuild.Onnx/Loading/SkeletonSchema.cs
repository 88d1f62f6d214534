namespace ModelBuild.Onnx;

/// <summary>The messages on the way from a model to its tensors.</summary>
internal enum MessageKind
{
    Other,
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    SparseTensor,
    Function,
    Training,
}

/// <summary>Which fields lead from a model to its tensors. <see cref="TensorTree"/> knows the same places in the parsed document.</summary>
internal static class SkeletonSchema
{
    public const int FloatData = 4, Int32Data = 5, Int64Data = 7, RawData = 9, DoubleData = 10, UInt64Data = 11;

    /// <summary>The message in a field, <see cref="MessageKind.Other"/> when no tensor can be inside, and the field's name.</summary>
    public static (MessageKind Kind, string Name) Child(MessageKind parent, int field) => (parent, field) switch
    {
        (MessageKind.Model, 7) => (MessageKind.Graph, "graph"),
        (MessageKind.Model, 20) => (MessageKind.Training, "training_info"),
        (MessageKind.Model, 25) => (MessageKind.Function, "functions"),
        (MessageKind.Training, 1) => (MessageKind.Graph, "initialization"),
        (MessageKind.Training, 2) => (MessageKind.Graph, "algorithm"),
        (MessageKind.Function, 7) => (MessageKind.Node, "node"),
        (MessageKind.Function, 11) => (MessageKind.Attribute, "attribute_proto"),
        (MessageKind.Graph, 1) => (MessageKind.Node, "node"),
        (MessageKind.Graph, 5) => (MessageKind.Tensor, "initializer"),
        (MessageKind.Graph, 15) => (MessageKind.SparseTensor, "sparse_initializer"),
        (MessageKind.Node, 5) => (MessageKind.Attribute, "attribute"),
        (MessageKind.Attribute, 5) => (MessageKind.Tensor, "t"),
        (MessageKind.Attribute, 6) => (MessageKind.Graph, "g"),
        (MessageKind.Attribute, 10) => (MessageKind.Tensor, "tensors"),
        (MessageKind.Attribute, 11) => (MessageKind.Graph, "graphs"),
        (MessageKind.Attribute, 22) => (MessageKind.SparseTensor, "sparse_tensor"),
        (MessageKind.Attribute, 23) => (MessageKind.SparseTensor, "sparse_tensors"),
        (MessageKind.SparseTensor, 1) => (MessageKind.Tensor, "values"),
        (MessageKind.SparseTensor, 2) => (MessageKind.Tensor, "indices"),
        _ => (MessageKind.Other, ""),
    };

    /// <summary>Whether the field has one value, by the field's name.</summary>
    public static bool IsSingle(string name) =>
        name is "graph" or "initialization" or "algorithm" or "t" or "g" or "sparse_tensor" or "values" or "indices";
}
