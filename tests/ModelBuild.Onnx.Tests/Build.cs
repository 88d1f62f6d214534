using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Onnx.Tests;

/// <summary>Small documents.</summary>
internal static class Build
{
    public static ModelProto Model(GraphProto graph, long irVersion = 10) =>
        new()
        {
            IrVersion = irVersion,
            ProducerName = "tests",
            OpsetImport =
            {
                new OperatorSetIdProto { Domain = "", Version = 17 },
            },
            Graph = graph,
        };

    public static ModelProto Model(params TensorProto[] initializers) => Model(new GraphProto { Name = "g", Initializer = { initializers } });

    public static ValueInfoProto Info(string name, params long[] shape) =>
        new()
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor
                {
                    ElemType = (int)DataType.Float,
                    Shape = new TensorShapeProto { Dim = { shape.Select(static size => new TensorShapeProto.Types.Dimension { DimValue = size }) } },
                },
            },
        };

    public static ValueInfoProto[] Infos(params string[] names) => [.. names.Select(static name => Info(name, 1))];

    public static TensorProto Floats(string name, int count) =>
        Tensors.Create<float>(name, [count], [.. Enumerable.Range(0, count).Select(static i => i * 0.5f)]);

    public static TensorProto External(string name, long count, params (string Key, string Value)[] entries)
    {
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)DataType.Float,
            Dims = { count },
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        foreach (var (key, value) in entries)
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return tensor;
    }

    /// <summary>x, and a branch that computes with <c>x</c>, <c>w</c> and what its own nodes give; If over it.</summary>
    public static GraphProto Branch(string name, params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = name };
        graph.Node.AddRange(nodes);
        graph.Output.Add(Info(nodes[^1].Output[0], 1));
        return graph;
    }

    public static NodeProto If(string condition, string output, GraphProto then, GraphProto otherwise) =>
        Nodes.Create("If", [condition], [output], name: $"if_{output}", attributes: [("then_branch", then), ("else_branch", otherwise)]);
}
