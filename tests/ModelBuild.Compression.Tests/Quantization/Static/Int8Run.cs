using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Static;

/// <summary>A small model after the step <c>int8</c>, calibrated with random inputs.</summary>
internal sealed class Int8Run
{
    private const int Calls = 8;

    private readonly OnnxModel _float;

    /// <param name="net">The model.</param>
    /// <param name="options">More options of the step, which quantizes everywhere by itself.</param>
    /// <param name="target">What it is made for.</param>
    public Int8Run(Net net, string options = "everywhere=true", string target = "cpu-x64")
        : this(net.Build(), $"int8(min-max, {options})", target) { }

    public Int8Run(OnnxModel model, string recipe, string target = "cpu-x64", ISampleSource? samples = null, int threads = 1)
    {
        (_float, Model) = (model, model.Clone());
        var context = new PassContext(Model, new PassReport(), CancellationToken.None)
        {
            Target = TargetProfile.Parse(target),
            Calibration = new CalibrationContext(samples ?? Samples(model), threads),
        };
        var steps = RecipePipeline.Run(context, RecipeParser.Parse(recipe));
        Report = steps.First(step => step.Step.StartsWith("int8", StringComparison.Ordinal)).Report;
        Graph = new Graph(Model);
    }

    public OnnxModel Model { get; }

    public Graph Graph { get; }

    public PassReport Report { get; }

    /// <summary>Gets the operators of the graph that ONNX Runtime runs.</summary>
    public string Runs => Steps.Operators(Ort.Optimized(Model));

    /// <summary>Returns the SQNR of the outputs in dB.</summary>
    public double Sqnr() => Ort.Sqnr(Ort.Run(_float), Ort.Run(Model));

    /// <summary>Returns the outcome of the only node of an operator type.</summary>
    public NodeOutcome Node(string op) => Assert.Single(Report.Nodes, node => node.Operator == op);

    /// <summary>
    /// Returns the scale and zero point that a value is quantized with. They are those of the QuantizeLinear that reads the value, or of the DequantizeLinear
    /// that outputs it.
    /// </summary>
    public (float Scale, int ZeroPoint, DataType Type) Parameters(string value)
    {
        var node = Graph.Producer(value) is { OpType: "DequantizeLinear" } given
            ? given
            : Graph.Consumers(value).Single(use => use.Node.OpType == "QuantizeLinear").Node;
        var zero = Graph.Constant(node.Input[2]);
        return (Graph.Constant(node.Input[1]).ToFloats()[0], Code(zero, 0), (DataType)zero.DataType);
    }

    /// <summary>Returns the stored codes of the weights or the bias of a layer, and their scales.</summary>
    public (TensorProto Codes, float[] Scales) Stored(NodeProto layer, int input)
    {
        var dequantize = Graph.Producer(layer.Input[input])!;
        Assert.Equal("DequantizeLinear", dequantize.OpType);
        return (Graph.Constant(dequantize.Input[0]), Graph.Constant(dequantize.Input[1]).ToFloats());
    }

    public NodeProto Layer(string op) => Graph.Nodes.Single(node => node.OpType == op);

    private static int Code(TensorProto tensor, int index) =>
        (DataType)tensor.DataType switch
        {
            DataType.Uint8 => tensor.Span<byte>()[index],
            DataType.Int8 => tensor.Span<sbyte>()[index],
            DataType.Uint16 => tensor.Span<ushort>()[index],
            _ => tensor.Span<short>()[index],
        };

    public static ISampleSource Samples(OnnxModel model) =>
        new ListedSamples([
            .. Enumerable
                .Range(0, Calls)
                .Select(call => new Sample(model.Proto.Graph.Input.ToDictionary(input => input.Name, input => Array(input, call)), null)),
        ]);

    private static SampleArray Array(ValueInfoProto input, int call)
    {
        long[] shape =
        [
            .. input.Type.TensorType.Shape.Dim.Select(size => size.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? size.DimValue : 2),
        ];
        var count = shape.Aggregate(1L, (a, b) => a * b);
        return (DataType)input.Type.TensorType.ElemType == DataType.Bool
            ? new SampleArray(DataType.Bool, shape, [1])
            : new SampleArray(DataType.Float, shape, MemoryMarshal.AsBytes<float>(Noise.Floats(count, seed: 1000 + call)).ToArray());
    }
}
