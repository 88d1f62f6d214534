using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Differentiation;
using ModelBuild.Compression.Training.Differentiation.Catalog;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Compares the gradients that the backward graph of a small model computes with central differences.</summary>
internal static class OperatorGradients
{
    private const double Tolerance = 1e-4;

    // A gradient below this number is compared with its absolute error.
    private const double Smallest = 1e-3;

    /// <summary>Asserts that the gradients with respect to all float inputs of a model are right, for a weighted sum of all of its outputs.</summary>
    /// <param name="net">The model. Its inputs have fixed sizes.</param>
    /// <param name="values">The values of some inputs; the others have random ones.</param>
    /// <param name="isOpen">Whether the first dimension of the first input is unknown to the differentiation.</param>
    /// <param name="reference">Computes the outputs in float64 from the inputs by name.</param>
    /// <param name="coarseStep">The step of differences where ONNX Runtime computes in float32 alone.</param>
    /// <param name="isLinear">Whether the outputs are linear in each input, so that differences of any step are exact.</param>
    public static void Verify(
        Net net,
        IReadOnlyDictionary<string, float[]>? values = null,
        bool isOpen = false,
        Func<IReadOnlyDictionary<string, double[]>, double[][]>? reference = null,
        double coarseStep = 0.03,
        bool isLinear = false
    )
    {
        var model = net.Build();
        var inputs = model.Proto.Graph.Input.ToDictionary(
            input => input.Name,
            input => values?.GetValueOrDefault(input.Name) ?? Noise.Floats(Count(input), seed: input.Name.Aggregate(7, (seed, c) => seed * 31 + c))
        );
        var outputs = Run(model, inputs);
        float[][] weights = [.. outputs.Select((output, index) => Noise.Floats(output.Values.Length, seed: 50 + index))];
        using var differences = new Differences(model, inputs, weights, reference, coarseStep, isLinear);
        foreach (var (output, expected) in outputs.Zip(differences.Outputs()))
            AssertClose(expected, output.Values, "output");

        var backward = Backward(model, [.. inputs.Keys], [.. outputs.Zip(weights, (output, weight) => Tensors.Create("", output.Shape, weight))], isOpen);
        foreach (var (name, gradient) in inputs.Keys.Zip(Run(backward, inputs)))
            Probe.AssertAgree($"the gradient of {name}", differences.Derivatives(name), gradient.Values, Smallest);
    }

    /// <summary>Returns the reason why a node of a model has no gradient.</summary>
    public static string WhyNot(Net net)
    {
        var model = net.Build();
        var graph = new Graph(model);
        var name = model.Proto.Graph.Output[0].Name;
        graph.Append(Nodes.Create("ReduceSum", [name], ["loss"], attributes: ("keepdims", 0L)));
        var gradients = BackwardGraph.Append(
            graph,
            GradientCatalog.Instance,
            "loss",
            [.. model.Proto.Graph.Input.Select(input => input.Name)],
            Describe(model)
        );
        return Assert.Single(gradients.Stopped).Reason;
    }

    private static OnnxModel Backward(OnnxModel model, string[] inputs, TensorProto[] weights, bool isOpen)
    {
        var copy = model.Clone();
        var graph = new Graph(copy);
        string[] outputs = [.. copy.Proto.Graph.Output.Select(output => output.Name)];
        foreach (var (output, weight) in outputs.Zip(weights))
        {
            graph.AddInitializer(weight.WithName($"weight of {output}"));
            graph.Append(Nodes.Create("Mul", [output, $"weight of {output}"], [$"weighted {output}"]));
            graph.Append(Nodes.Create("ReduceSum", [$"weighted {output}"], [$"sum of {output}"], attributes: ("keepdims", 0L)));
        }

        var loss = outputs.Select(output => $"sum of {output}").Aggregate((a, b) => Add(graph, a, b));
        if (isOpen)
            copy.Proto.Graph.Input[0].Type.TensorType.Shape.Dim[0] = new TensorShapeProto.Types.Dimension();
        var gradients = BackwardGraph.Append(graph, GradientCatalog.Instance, loss, inputs, Describe(copy));
        Assert.Empty(gradients.Stopped.Select(stopped => $"{stopped.Node.OpType}: {stopped.Reason}"));
        graph.SetOutputs(inputs.Select(input => gradients.Of[input]));
        new DeadCodeElimination().Apply(graph, CancellationToken.None);
        return copy;
    }

    private static string Add(Graph graph, string a, string b)
    {
        var sum = graph.FreshName("loss");
        graph.Append(Nodes.Create("Add", [a, b], [sum]));
        return sum;
    }

    private static Dictionary<string, InferredTensor> Describe(OnnxModel model)
    {
        var shapes = new Dictionary<string, InferredTensor>(ShapeInference.DescribeOutputs(model, new Dictionary<string, long[]>()));
        foreach (var input in model.Proto.Graph.Input)
            shapes[input.Name] = new InferredTensor(DataType.Float, [.. input.Type.TensorType.Shape.Dim.Select(size => size.HasDimValue ? size.DimValue : -1)]);
        return shapes;
    }

    /// <summary>Runs a model as training does.</summary>
    public static (long[] Shape, float[] Values)[] Run(OnnxModel model, IReadOnlyDictionary<string, float[]> inputs)
    {
        var shapes = model.Proto.Graph.Input.ToDictionary(
            input => input.Name,
            input => input.Type.TensorType.Shape.Dim.Select(size => size.HasDimValue ? size.DimValue : -1).ToArray()
        );
        using var session = Sessions.OpenForTraining(model, threads: 1);
        using var options = new RunOptions();
        var names = session.InputNames.ToArray();
        var given = names.Select(name => OrtValue.CreateTensorValueFromMemory(inputs[name], Complete(shapes[name], inputs[name].Length))).ToArray();
        using var results = session.Run(options, names, given, session.OutputNames);
        return [.. results.Select(result => (result.GetTensorTypeAndShape().Shape, result.GetTensorDataAsSpan<float>().ToArray()))];
    }

    private static long[] Complete(long[] shape, int count) =>
        [.. shape.Select(size => size >= 0 ? size : count / shape.Where(other => other >= 0).Aggregate(1L, (a, b) => a * b))];

    private static long Count(ValueInfoProto input) => input.Type.TensorType.Shape.Dim.Aggregate(1L, (count, size) => count * size.DimValue);

    private static void AssertClose(double[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        foreach (var (index, value) in actual.Index())
            Assert.True(
                Math.Abs(value - expected[index]) <= Tolerance * Math.Max(largest, Smallest),
                $"{what}[{index}] is {value} instead of {expected[index]}; the largest is {largest}"
            );
    }
}
