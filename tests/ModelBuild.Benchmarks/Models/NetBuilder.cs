using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Benchmarks.Models;

/// <summary>Builds a network from inputs to outputs. The random weights have a fixed seed and keep activations in the range of the inputs.</summary>
internal sealed class NetBuilder
{
    private readonly GraphProto _graph;
    private readonly Random _random = new(1);
    private int _next;

    public NetBuilder(string name) => _graph = new GraphProto { Name = name };

    /// <summary>Adds a float32 weight; its values have a standard deviation of <paramref name="deviation"/>.</summary>
    public string Weight(double deviation, params long[] shape)
    {
        // The sum of three uniform numbers has a variance of a quarter.
        var scale = (float)(2 * deviation);
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (_random.NextSingle() + _random.NextSingle() + _random.NextSingle() - 1.5f) * scale;
        return Constant(Tensors.Create(Name("weight"), shape, values));
    }

    /// <summary>Adds a float32 tensor of ones.</summary>
    public string Ones(params long[] shape) =>
        Constant(Tensors.Create<float>(Name("scale"), shape, [.. Enumerable.Repeat(1f, (int)shape.Aggregate(1L, (a, b) => a * b))]));

    public string Scalar(float value) => Constant(Tensors.Create<float>(Name("scalar"), [], [value]));

    public string Floats(params float[] values) => Constant(Tensors.Create(Name("floats"), [values.Length], values));

    /// <summary>Adds an integer without dimensions.</summary>
    public string Index(long value) => Constant(Tensors.Create<long>(Name("index"), [], [value]));

    public string Longs(params long[] values) => Constant(Tensors.Create(Name("shape"), [values.Length], values));

    public string Node(string operation, params string[] inputs) => Node(operation, [], inputs);

    public string Node(string operation, (string, object)[] attributes, params string[] inputs) => Nodes(operation, 1, attributes, inputs)[0];

    /// <summary>Adds a node with several outputs.</summary>
    public string[] Nodes(string operation, int outputs, (string, object)[] attributes, params string[] inputs)
    {
        string[] results = [.. Enumerable.Range(0, outputs).Select(_ => Name(operation.ToLowerInvariant()))];
        _graph.Node.Add(Onnx.Nodes.Create(operation, inputs, results, name: results[0], attributes: attributes));
        return results;
    }

    /// <summary>Adds x · W + b.</summary>
    public string Dense(string x, int inputs, int outputs) =>
        Node("Add", Node("MatMul", x, Weight(1 / Math.Sqrt(inputs), inputs, outputs)), Weight(0.1, outputs));

    /// <summary>Adds a convolution with folded batch normalization: He initialization (He et al. 2015), times <paramref name="gain"/>.</summary>
    public string Conv(string x, int inputs, int outputs, int kernel, int stride = 1, int groups = 1, double gain = 1, int? padding = null)
    {
        var weight = Weight(gain * Math.Sqrt(2.0 * groups / (inputs * kernel * kernel)), outputs, inputs / groups, kernel, kernel);
        long before = padding ?? kernel / 2;
        return Node(
            "Conv",
            [
                ("kernel_shape", new long[] { kernel, kernel }),
                ("strides", new long[] { stride, stride }),
                ("pads", new[] { before, before, before, before }),
                ("group", (long)groups),
            ],
            x,
            weight,
            Weight(0.1, outputs)
        );
    }

    /// <summary>Adds the last layer of a classifier: the mean over positions, then Gemm as exporters write it.</summary>
    public string Classify(string x, int inputs, int classes) => Gemm(Node("Flatten", Node("GlobalAveragePool", x)), inputs, classes);

    /// <summary>Adds a dense layer as exporters from PyTorch write it.</summary>
    public string Gemm(string x, int inputs, int outputs) =>
        Node("Gemm", [("transB", 1L)], x, Weight(1 / Math.Sqrt(inputs), outputs, inputs), Weight(0.1, outputs));

    public string Concat(long axis, params string[] values) => Node("Concat", [("axis", axis)], values);

    /// <summary>Adds layer normalization over the last axis as the nodes that exporters write for opset 16 and before.</summary>
    public string Normalize(string x, int width)
    {
        var centred = Node("Sub", x, Node("ReduceMean", [("axes", new long[] { -1 })], x));
        var variance = Node("ReduceMean", [("axes", new long[] { -1 })], Node("Pow", centred, Scalar(2)));
        return Node("Add", Node("Mul", Node("Div", centred, Node("Sqrt", Node("Add", variance, Scalar(1e-5f)))), Ones(width)), Weight(0.1, width));
    }

    /// <summary>Declares an input; a size of 0 is replaced by the symbol at the same position.</summary>
    public void Input(string name, DataType type, params (string Symbol, long Size)[] dimensions) => _graph.Input.Add(Value(name, type, dimensions));

    /// <summary>Declares <paramref name="value"/> as the model's output with the name <paramref name="name"/>.</summary>
    public void Output(string value, string name, params (string Symbol, long Size)[] dimensions)
    {
        foreach (var node in _graph.Node)
            for (var i = 0; i < node.Output.Count; i++)
                if (node.Output[i] == value)
                    node.Output[i] = name;
        _graph.Output.Add(Value(name, DataType.Float, dimensions));
    }

    public OnnxModel Finish() =>
        new(
            new ModelProto
            {
                IrVersion = 8,
                Graph = _graph,
                OpsetImport = { new OperatorSetIdProto { Version = 17 } },
            }
        );

    private string Constant(TensorProto tensor)
    {
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    private string Name(string hint) => $"{hint}_{_next++}";

    private static ValueInfoProto Value(string name, DataType type, (string Symbol, long Size)[] dimensions)
    {
        var shape = new TensorShapeProto();
        foreach (var (symbol, size) in dimensions)
            shape.Dim.Add(size > 0 ? new TensorShapeProto.Types.Dimension { DimValue = size } : new TensorShapeProto.Types.Dimension { DimParam = symbol });
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto
            {
                TensorType = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = shape },
            },
        };
    }
}
