using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Differentiation;
using ModelBuild.Compression.Training.Differentiation.Catalog;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>
/// Compares the gradients of a small model, which ONNX Runtime computes in float32, with central differences in float64. The loss is the sum of all float
/// outputs, weighted by fixed random numbers. All float inputs and weights are checked. By default their values are between 0.25 and 1 or between −1 and
/// −0.25, where functions have no kinks.
/// </summary>
/// <param name="net">The model.</param>
internal sealed class GradientCheck(Net net)
{
    private const double Tolerance = 1e-4;

    // A gradient below this number is compared with its absolute error.
    private const double Smallest = 1e-2;

    private readonly OnnxModel _model = Prepare(net);
    private readonly Dictionary<string, Array> _given = [];
    private readonly HashSet<string> _frozen = [];
    private Func<IReadOnlyDictionary<string, double[]>, double[]>? _reference;
    private bool _isOpen = true;

    /// <summary>Gives an input or a weight its values.</summary>
    public GradientCheck With<T>(string name, params T[] values)
        where T : unmanaged
    {
        _given[name] = values;
        return this;
    }

    /// <summary>Gives an input or a weight random values from a range.</summary>
    public GradientCheck Between(string name, double from, double to)
    {
        var count = Find(name).Aggregate(1L, (a, b) => a * b);
        return With(name, Array.ConvertAll(Noise.Floats(count, Seed(name)), value => (float)(from + (value + 1) / 2 * (to - from))));
    }

    /// <summary>Leaves weights as constants without a gradient.</summary>
    public GradientCheck Freeze(params string[] names)
    {
        _frozen.UnionWith(names);
        return this;
    }

    /// <summary>Uses a function in place of ONNX Runtime in float64. It returns all float outputs, one after the other.</summary>
    public GradientCheck Against(Func<IReadOnlyDictionary<string, double[]>, double[]> reference)
    {
        _reference = reference;
        return this;
    }

    /// <summary>Does not repeat the check with inputs of unknown sizes.</summary>
    public GradientCheck OnlyKnownSizes()
    {
        _isOpen = false;
        return this;
    }

    /// <summary>Asserts that the gradients agree, with known sizes of the inputs and with unknown ones.</summary>
    public void Holds()
    {
        var inputs = Inputs();
        var model = WithInputs(inputs, isOpen: false);
        var outputs = Run(Sessions.OpenUnoptimized(model), inputs, [.. model.Proto.Graph.Output.Select(output => output.Name)]);
        Assert.NotEmpty(outputs);
        using var forward = new DoubleForward(model, inputs, [.. outputs.Keys], _reference);
        AssertClose("the outputs", forward.Run(), [.. outputs.Values.SelectMany(output => output.Values)]);
        var weights = outputs.Values.Select((output, i) => Noise.Floats(output.Values.Length, seed: 1000 + i)).ToArray();
        double[] all = [.. weights.SelectMany(weight => weight).Select(weight => (double)weight)];
        double Loss() => forward.Run().Zip(all).Sum(pair => pair.First * pair.Second);
        var expected = forward.Values.ToDictionary(
            value => value.Key,
            value => Probe.All(value.Value.Length, direction => CentralDifferences.Along(Loss, value.Value, direction))
        );
        var losses = outputs.Zip(weights).Select(pair => (pair.First.Key, Tensors.Create($"R of {pair.First.Key}", pair.First.Value.Shape, pair.Second)));
        foreach (var isOpen in _isOpen ? [false, true] : new[] { false })
        {
            var actual = Differentiate(inputs, [.. losses], isOpen);
            foreach (var (name, derivatives) in expected)
                Probe.AssertAgree($"the gradient of {name} with {(isOpen ? "unknown" : "known")} sizes", derivatives, actual[name], Smallest);
        }
    }

    private static OnnxModel Prepare(Net net)
    {
        var model = net.Build();
        model.ImportOpset("", 21);
        foreach (var domain in model.Proto.Graph.Node.Select(node => node.Domain).Where(domain => !Domains.IsStandard(domain)))
            model.ImportOpset(domain, 1);
        model.Proto.IrVersion = 10;
        return model;
    }

    private static int Seed(string name) => name.Aggregate(17, (seed, c) => seed * 31 + c);

    private static float[] AwayFromZero(string name, long[] shape) =>
        Array.ConvertAll(Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), Seed(name)), value => MathF.CopySign(0.25f + 0.75f * MathF.Abs(value), value));

    private long[] Find(string name) =>
        _model.Proto.Graph.Input.FirstOrDefault(input => input.Name == name) is { } input
            ? [.. input.Type.TensorType.Shape.Dim.Select(size => size.DimValue)]
            : [.. _model.Proto.Graph.Initializer.Single(weight => weight.Name == name).Dims];

    private List<CheckedInput> Inputs()
    {
        var names = _model.Proto.Graph.Input.Select(input => input.Name).ToList();
        names.AddRange(_model.Proto.Graph.Initializer.Where(weight => weight.DataType == (int)DataType.Float).Select(weight => weight.Name));
        names.RemoveAll(_frozen.Contains);
        return [.. names.Select(name => new CheckedInput(name, Find(name), _given.GetValueOrDefault(name) ?? AwayFromZero(name, Find(name))))];
    }

    private OnnxModel WithInputs(IReadOnlyList<CheckedInput> inputs, bool isOpen)
    {
        var copy = _model.Clone();
        var graph = new Graph(copy);
        foreach (var input in inputs)
        {
            if (graph.IsInput(input.Name))
                graph.RemoveInput(input.Name);
            else
                graph.RemoveInitializer(input.Name);
            graph.AddInput(input.Declare(isOpen));
        }

        return copy;
    }

    private Dictionary<string, float[]> Differentiate(IReadOnlyList<CheckedInput> inputs, (string Output, TensorProto Weights)[] losses, bool isOpen)
    {
        var model = WithInputs(inputs, isOpen);
        var graph = new Graph(model);
        var loss = losses.Select(loss => AppendTerm(graph, loss.Output, loss.Weights)).Aggregate((a, b) => AppendSum(graph, a, b));
        graph.SetOutputs([loss]);
        var shapes = new Dictionary<string, InferredTensor>(ShapeInference.DescribeOutputs(model, new Dictionary<string, long[]>()));
        foreach (var input in inputs)
            shapes[input.Name] = input.Type(isOpen);
        string[] values = [.. inputs.Where(input => input.IsFloat).Select(input => input.Name)];
        var gradients = BackwardGraph.Append(graph, GradientCatalog.Instance, loss, values, shapes);
        Assert.True(gradients.Stopped.Count == 0, string.Join("; ", gradients.Stopped.Select(stopped => $"{stopped.Node.OpType}: {stopped.Reason}")));
        graph.SetOutputs(gradients.Of.Values.Distinct());
        var results = Run(Sessions.OpenForTraining(model, threads: 1), inputs, [.. gradients.Of.Values.Distinct()]);
        // A value on which the loss does not depend has no gradient.
        return inputs
            .Where(input => input.IsFloat)
            .ToDictionary(
                input => input.Name,
                input => gradients.Of.TryGetValue(input.Name, out var name) ? Shaped(input, results[name]) : new float[input.Values.Length]
            );
    }

    private static float[] Shaped(CheckedInput input, (long[] Shape, float[] Values) gradient)
    {
        Assert.Equal(input.Shape, gradient.Shape);
        return gradient.Values;
    }

    private static string AppendSum(Graph graph, string left, string right)
    {
        graph.Append(Nodes.Create("Add", [left, right], [$"{left}, {right}"]));
        return $"{left}, {right}";
    }

    private static string AppendTerm(Graph graph, string output, TensorProto weights)
    {
        graph.AddInitializer(weights);
        graph.Append(Nodes.Create("Mul", [output, weights.Name], [$"weighted {output}"]));
        graph.Append(Nodes.Create("ReduceSum", [$"weighted {output}"], [$"loss of {output}"], attributes: ("keepdims", 0L)));
        return $"loss of {output}";
    }

    // The method returns the outputs that are float tensors.
    private static Dictionary<string, (long[] Shape, float[] Values)> Run(InferenceSession opened, IReadOnlyList<CheckedInput> inputs, string[] outputs)
    {
        using var session = opened;
        using var options = new RunOptions();
        var given = inputs.Where(input => session.InputNames.Contains(input.Name)).ToArray();
        OrtValue[] values = [.. given.Select(input => input.ToOrtValue())];
        using var results = session.Run(options, [.. given.Select(input => input.Name)], values, outputs);
        Array.ForEach(values, value => value.Dispose());
        return outputs
            .Zip(results)
            .Where(pair => pair.Second.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
            .ToDictionary(pair => pair.First, pair => (pair.Second.GetTensorTypeAndShape().Shape, pair.Second.GetTensorDataAsSpan<float>().ToArray()));
    }

    private static void AssertClose(string what, double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Append(Smallest).Max(Math.Abs);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= Tolerance * largest,
                FormattableString.Invariant($"Element {i} of {what} is {actual[i]} and must be {expected[i]}; the largest is {largest}.")
            );
    }
}
