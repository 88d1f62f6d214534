using System.Runtime.InteropServices;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests that values that are added to each other have the same gradient, and that each of them receives it.</summary>
public sealed class EqualGradientTests
{
    [Fact]
    public void Each_parameter_receives_the_gradient()
    {
        Parameter[] parameters = [new("a", [4], [0.5f, 1, -1, 2]), new("b", [4], [1f, 2, 3, 4])];
        var net = new Net(opset: 21, irVersion: 10)
            .Input("x", 3, 4)
            .Constant("a", [4], 0.5f, 1, -1, 2)
            .Constant("b", [4], 1f, 2, 3, 4)
            .Node("Add", "a b", "s")
            .Node("Mul", "x s", "y")
            .Output("y");
        using var session = Open(net, [new("x", [3, 4])], parameters, GradientKind.Parameters);

        session.Run();

        Assert.Contains(parameters[0].Gradient, value => value != 0);
        Assert.Equal(parameters[0].Gradient, parameters[1].Gradient);
    }

    [Fact]
    public void Each_input_receives_the_gradient()
    {
        var net = new Net(opset: 21, irVersion: 10).Input("x", 3, 4).Input("z", 3, 4).Node("Add", "x z", "s").Node("Mul", "s s", "y").Output("y");
        using var session = Open(net, [new("x", [3, 4]), new("z", [3, 4])], [], GradientKind.Inputs);
        MemoryMarshal.Cast<byte, float>(session.Batch("z").Span).Fill(1);

        session.Run();

        var gradients = session.Graph.InputGradients.ToDictionary(pair => pair.Input.Name, pair => session.InputGradient(pair.Gradient).ToArray());
        Assert.Contains(gradients["x"], value => value != 0);
        Assert.Equal(gradients["x"], gradients["z"]);
    }

    private static TrainingSession Open(Net net, KeyValuePair<string, long[]>[] inputs, Parameter[] parameters, GradientKind kind)
    {
        var loss = new SquaredErrorLoss("y", "y", weight: 1);
        var graph = TrainingGraph.Build(net.Build(), inputs.ToDictionary(StringComparer.Ordinal), parameters, loss, kind);
        var session = new TrainingSession(graph, threads: 1);
        foreach (var input in graph.Inputs)
            MemoryMarshal.Cast<byte, float>(session.Batch(input.Name).Span).Fill(0.5f);
        MemoryMarshal.Cast<byte, float>(session.Batch(graph.Targets[0].Name).Span).Fill(2);
        return session;
    }
}
