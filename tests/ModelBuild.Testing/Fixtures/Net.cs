using System.Globalization;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Testing.Fixtures;

/// <summary>A small model, written down from inputs to outputs.</summary>
internal sealed class Net(long opset = 17, long irVersion = 8)
{
    private readonly GraphProto _graph = new() { Name = "net" };

    internal Net Input(string name, params long[] shape) => Input(name, DataType.Float, shape);

    /// <summary>An input; −1 stands for a dimension that is open and nameless.</summary>
    internal Net Input(string name, DataType type, params long[] shape)
    {
        _graph.Input.Add(Info(name, type, shape));
        return this;
    }

    /// <summary>A float32 input whose sizes are numbers or names of open dimensions.</summary>
    internal Net OpenInput(string name, params string[] shape) => OpenInput(name, DataType.Float, shape);

    /// <summary>An input whose sizes are numbers or names of open dimensions.</summary>
    internal Net OpenInput(string name, DataType type, params string[] shape)
    {
        Input(name, type, [.. shape.Select(_ => -1L)]);
        foreach (var (size, text) in _graph.Input[^1].Type.TensorType.Shape.Dim.Zip(shape))
            if (long.TryParse(text, CultureInfo.InvariantCulture, out var number))
                size.DimValue = number;
            else
                size.DimParam = text;
        return this;
    }

    /// <summary>A float32 output whose sizes are numbers or names of open dimensions.</summary>
    internal Net OpenOutput(string name, params string[] shape)
    {
        OpenInput(name, shape);
        _graph.Output.Add(_graph.Input[^1]);
        _graph.Input.RemoveAt(_graph.Input.Count - 1);
        return this;
    }

    internal Net Output(params string[] names)
    {
        _graph.Output.AddRange(names.Select(name => new ValueInfoProto { Name = name }));
        return this;
    }

    internal Net Output(string name, DataType type, params long[] shape)
    {
        _graph.Output.Add(Info(name, type, shape));
        return this;
    }

    /// <summary>A float32 weight of small random numbers, different for each name.</summary>
    internal Net Weight(string name, params long[] shape) =>
        Constant(name, shape, Noise.Floats(Size(shape), seed: name.Aggregate(17, (seed, c) => seed * 31 + c), scale: 0.2));

    internal Net Constant<T>(string name, long[] shape, params T[] values)
        where T : unmanaged
    {
        _graph.Initializer.Add(Tensors.Create(name, shape, values));
        return this;
    }

    internal bool Has(string constant) => _graph.Initializer.Any(tensor => tensor.Name == constant);

    internal Net ConstantNode(string name, TensorProto value) => Node("Constant", "", name, ("value", value));

    /// <summary>A node; names of inputs and outputs are separated by spaces, <c>_</c> is one that is left out.</summary>
    internal Net Node(string op, string inputs, string outputs, params (string Name, object Value)[] attributes) => Add(Make(op, inputs, outputs, attributes));

    internal Net Add(NodeProto node)
    {
        _graph.Node.Add(node);
        return this;
    }

    /// <summary>A condition that holds for all inputs of tests, and that nothing but running the model can tell.</summary>
    internal Net Condition(string input, string name) =>
        Constant($"{name}_limit", [], 100f).Node("ReduceMax", input, $"{name}_top", ("keepdims", 0)).Node("Less", $"{name}_top {name}_limit", name);

    /// <summary>An If over a graph input or constant of type bool.</summary>
    internal Net If(string condition, string output, Net then, Net otherwise) =>
        Node("If", condition, output, ("then_branch", then._graph), ("else_branch", otherwise._graph));

    internal OnnxModel Build()
    {
        var model = new ModelProto
        {
            IrVersion = irVersion,
            ProducerName = "tests",
            Graph = _graph,
        };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        return new OnnxModel(model);
    }

    /// <summary>Builds the model and saves it.</summary>
    public string Save(string path)
    {
        Build().Save(path);
        return path;
    }

    internal static NodeProto Make(string op, string inputs, string outputs, params (string Name, object Value)[] attributes) =>
        Nodes.Create(op, Names(inputs), Names(outputs), attributes: attributes);

    internal static TensorProto Tensor<T>(long[] shape, params T[] values)
        where T : unmanaged => Tensors.Create("", shape, values);

    private static long Size(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);

    private static IEnumerable<string> Names(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "_" ? "" : name);

    private static ValueInfoProto Info(string name, DataType type, long[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(
            shape.Select(size => size >= 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension())
        );
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = dimensions },
            },
        };
    }
}
