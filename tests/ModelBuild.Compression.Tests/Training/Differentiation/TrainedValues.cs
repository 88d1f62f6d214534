using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Differentiation;
using ModelBuild.Compression.Training.Differentiation.Catalog;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Differentiates a small model with respect to some of its float32 inputs, and runs it with its gradients.</summary>
internal sealed class TrainedValues
{
    private const float Step = 1 / 64f;

    private readonly OnnxModel _model;
    private readonly string _loss;
    private readonly Dictionary<string, float[]> _inputs;

    /// <summary>Initializes an instance.</summary>
    /// <param name="net">The model, whose inputs have fixed sizes.</param>
    /// <param name="loss">The value whose elements are summed.</param>
    /// <param name="values">The inputs to differentiate by.</param>
    public TrainedValues(Net net, string loss, params string[] values)
    {
        _model = net.Build();
        _model.ImportOpset(Domains.Microsoft, 1);
        var graph = new Graph(_model);
        graph.Append(Nodes.Create("ReduceSum", [loss], ["loss"], attributes: ("keepdims", 0L)));
        _loss = "loss";
        _inputs = _model.Proto.Graph.Input.ToDictionary(input => input.Name, input => Noise.Floats(Count(input), seed: input.Name[0]));
        var sizes = _model.Proto.Graph.Input.ToDictionary(input => input.Name, Sizes);
        var shapes = new Dictionary<string, InferredTensor>(RankInference.DescribeOutputs(_model, sizes));
        foreach (var (name, shape) in sizes)
            shapes[name] = new InferredTensor(DataType.Float, shape);
        Gradients = BackwardGraph.Append(graph, GradientCatalog.Instance, _loss, values, shapes);
        graph.SetOutputs([_loss, .. Gradients.Of.Values.Distinct()]);
    }

    /// <summary>Gets the result of the differentiation.</summary>
    public Gradients Gradients { get; }

    /// <summary>Sets the elements of an input.</summary>
    public void Set(string input, float[] values) => _inputs[input] = values;

    /// <summary>Computes the gradients.</summary>
    public IReadOnlyDictionary<string, float[]> Run()
    {
        var results = Outputs();
        return Gradients.Of.ToDictionary(gradient => gradient.Key, gradient => results[gradient.Value]);
    }

    /// <summary>Asserts that the gradients agree with differences of a loss that is at most quadratic in each input, for which differences are exact.</summary>
    public void AssertQuadratic()
    {
        foreach (var (name, gradient) in Run())
        {
            var (values, largest) = (_inputs[name], gradient.Max(Math.Abs));
            for (var i = 0; i < values.Length; i++)
            {
                var kept = values[i];
                values[i] = kept + Step;
                double above = Outputs()[_loss][0];
                values[i] = kept - Step;
                var expected = (above - Outputs()[_loss][0]) / (2 * Step);
                values[i] = kept;
                Assert.InRange(gradient[i] - expected, -1e-4 * largest, 1e-4 * largest);
            }
        }
    }

    private static long[] Sizes(ValueInfoProto input) => [.. input.Type.TensorType.Shape.Dim.Select(size => size.DimValue)];

    private static long Count(ValueInfoProto input) => Sizes(input).Aggregate(1L, (a, b) => a * b);

    private Dictionary<string, float[]> Outputs() =>
        OperatorGradients
            .Run(_model, _inputs)
            .Select((output, index) => (_model.Proto.Graph.Output[index].Name, output.Values))
            .ToDictionary(output => output.Name, output => output.Values, StringComparer.Ordinal);
}
