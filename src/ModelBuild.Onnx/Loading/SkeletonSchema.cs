namespace ModelBuild.Onnx;

/// <summary>Lists the fields of onnx.proto that are messages, and the field numbers of tensor data.</summary>
/// <remarks>
/// The schema includes all messages, not only those that contain tensors, so that the walker checks every nested length: Google.Protobuf 3.25 overflows on a
/// length near 2^31. Tests compare the schema with the generated descriptors.
/// </remarks>
internal static class SkeletonSchema
{
    public const int FloatData = 4,
        Int32Data = 5,
        Int64Data = 7,
        RawData = 9,
        DoubleData = 10,
        UInt64Data = 11;

    /// <summary>Returns the kind of message in a field, the name of the field, and whether it is repeated.</summary>
    public static (MessageKind Kind, string Name, bool Repeated) Child(MessageKind parent, int field) =>
        (parent, field) switch
        {
            (MessageKind.Model, 7) => One(MessageKind.Graph, "graph"),
            (MessageKind.Model, 8) => Many(MessageKind.Leaf, "opset_import"),
            (MessageKind.Model, 14) => Many(MessageKind.Leaf, "metadata_props"),
            (MessageKind.Model, 20) => Many(MessageKind.Training, "training_info"),
            (MessageKind.Model, 25) => Many(MessageKind.Function, "functions"),
            (MessageKind.Model, 26) => Many(MessageKind.Leaf, "configuration"),
            (MessageKind.Training, 1) => One(MessageKind.Graph, "initialization"),
            (MessageKind.Training, 2) => One(MessageKind.Graph, "algorithm"),
            (MessageKind.Training, 3) => Many(MessageKind.Leaf, "initialization_binding"),
            (MessageKind.Training, 4) => Many(MessageKind.Leaf, "update_binding"),
            (MessageKind.Function, 7) => Many(MessageKind.Node, "node"),
            (MessageKind.Function, 9) => Many(MessageKind.Leaf, "opset_import"),
            (MessageKind.Function, 11) => Many(MessageKind.Attribute, "attribute_proto"),
            (MessageKind.Function, 12) => Many(MessageKind.ValueInfo, "value_info"),
            (MessageKind.Function, 14) => Many(MessageKind.Leaf, "metadata_props"),
            (MessageKind.Graph, 1) => Many(MessageKind.Node, "node"),
            (MessageKind.Graph, 5) => Many(MessageKind.Tensor, "initializer"),
            (MessageKind.Graph, 11) => Many(MessageKind.ValueInfo, "input"),
            (MessageKind.Graph, 12) => Many(MessageKind.ValueInfo, "output"),
            (MessageKind.Graph, 13) => Many(MessageKind.ValueInfo, "value_info"),
            (MessageKind.Graph, 14) => Many(MessageKind.Annotation, "quantization_annotation"),
            (MessageKind.Graph, 15) => Many(MessageKind.SparseTensor, "sparse_initializer"),
            (MessageKind.Graph, 16) => Many(MessageKind.Leaf, "metadata_props"),
            (MessageKind.Node, 5) => Many(MessageKind.Attribute, "attribute"),
            (MessageKind.Node, 9) => Many(MessageKind.Leaf, "metadata_props"),
            (MessageKind.Node, 10) => Many(MessageKind.NodeDevice, "device_configurations"),
            (MessageKind.NodeDevice, 2) => Many(MessageKind.Sharding, "sharding_spec"),
            (MessageKind.Sharding, 3) => Many(MessageKind.Leaf, "index_to_device_group_map"),
            (MessageKind.Sharding, 4) => Many(MessageKind.ShardedDim, "sharded_dim"),
            (MessageKind.ShardedDim, 2) => Many(MessageKind.Leaf, "simple_sharding"),
            (MessageKind.Attribute, 5) => One(MessageKind.Tensor, "t"),
            (MessageKind.Attribute, 6) => One(MessageKind.Graph, "g"),
            (MessageKind.Attribute, 10) => Many(MessageKind.Tensor, "tensors"),
            (MessageKind.Attribute, 11) => Many(MessageKind.Graph, "graphs"),
            (MessageKind.Attribute, 14) => One(MessageKind.Type, "tp"),
            (MessageKind.Attribute, 15) => Many(MessageKind.Type, "type_protos"),
            (MessageKind.Attribute, 22) => One(MessageKind.SparseTensor, "sparse_tensor"),
            (MessageKind.Attribute, 23) => Many(MessageKind.SparseTensor, "sparse_tensors"),
            (MessageKind.SparseTensor, 1) => One(MessageKind.Tensor, "values"),
            (MessageKind.SparseTensor, 2) => One(MessageKind.Tensor, "indices"),
            (MessageKind.Tensor, 3) => One(MessageKind.Leaf, "segment"),
            (MessageKind.Tensor, 13) => Many(MessageKind.Leaf, "external_data"),
            (MessageKind.Tensor, 16) => Many(MessageKind.Leaf, "metadata_props"),
            (MessageKind.ValueInfo, 2) => One(MessageKind.Type, "type"),
            (MessageKind.ValueInfo, 4) => Many(MessageKind.Leaf, "metadata_props"),
            (MessageKind.Annotation, 2) => Many(MessageKind.Leaf, "quant_parameter_tensor_names"),
            (MessageKind.Type, 1) => One(MessageKind.TypeTensor, "tensor_type"),
            (MessageKind.Type, 4) => One(MessageKind.TypeElement, "sequence_type"),
            (MessageKind.Type, 5) => One(MessageKind.TypeMap, "map_type"),
            (MessageKind.Type, 7) => One(MessageKind.Leaf, "opaque_type"),
            (MessageKind.Type, 8) => One(MessageKind.TypeTensor, "sparse_tensor_type"),
            (MessageKind.Type, 9) => One(MessageKind.TypeElement, "optional_type"),
            (MessageKind.TypeTensor, 2) => One(MessageKind.Shape, "shape"),
            (MessageKind.TypeElement, 1) => One(MessageKind.Type, "elem_type"),
            (MessageKind.TypeMap, 2) => One(MessageKind.Type, "value_type"),
            (MessageKind.Shape, 1) => Many(MessageKind.Leaf, "dim"),
            _ => (MessageKind.None, "", false),
        };

    /// <summary>Returns the approximate number of bytes of an empty message of the kind in memory.</summary>
    public static int Cost(MessageKind kind) =>
        kind switch
        {
            MessageKind.Graph or MessageKind.Node or MessageKind.Attribute or MessageKind.Tensor or MessageKind.Function => 400,
            _ => 100,
        };

    private static (MessageKind Kind, string Name, bool Repeated) One(MessageKind kind, string name) => (kind, name, false);

    private static (MessageKind Kind, string Name, bool Repeated) Many(MessageKind kind, string name) => (kind, name, true);
}
