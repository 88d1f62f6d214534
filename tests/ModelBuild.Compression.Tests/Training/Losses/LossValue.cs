using System.Runtime.InteropServices;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Losses;

/// <summary>Computes a loss for given values of a model and of its teacher.</summary>
internal static class LossValue
{
    /// <summary>Runs a model whose inputs are the values, and whose outputs are copies of them by other names.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="values">The values of the model; a copy of <c>x</c> is called <c>x value</c>.</param>
    /// <param name="teacher">The values of the teacher by name.</param>
    /// <param name="parameters">Constants that training changes.</param>
    public static IReadOnlyList<(LossTerm Term, float Value)> Of(
        ILoss loss,
        (string Name, long[] Shape, float[] Values)[] values,
        (string Name, long[] Shape, float[] Values)[] teacher,
        params Parameter[] parameters
    )
    {
        var net = new Net(opset: 21, irVersion: 10);
        foreach (var (name, shape, _) in values)
            net.Input(name, shape)
                .Add(Nodes.Create("Neg", [name], [$"{name} minus"]))
                .Add(Nodes.Create("Neg", [$"{name} minus"], [$"{name} value"]))
                .Output($"{name} value");
        foreach (var parameter in parameters)
            net.Constant(parameter.Name, parameter.Shape, parameter.Values.ToArray());
        var shapes = values.ToDictionary(value => value.Name, value => value.Shape, StringComparer.Ordinal);
        using var session = new TrainingSession(TrainingGraph.Build(net.Build(), shapes, parameters, loss, GradientKind.None), threads: 1);
        foreach (var (name, _, numbers) in values)
            MemoryMarshal.AsBytes<float>(numbers).CopyTo(session.Batch(name).Span);
        foreach (var target in session.Graph.Targets)
        {
            var (_, shape, numbers) = teacher.Single(value => value.Name == target.Output);
            Assert.Equal(shape, target.Type.Shape);
            MemoryMarshal.AsBytes<float>(numbers).CopyTo(session.Batch(target.Name).Span);
        }

        return [.. session.Graph.Terms.Zip(session.Run())];
    }

    /// <summary>Returns the term of a loss that has only one.</summary>
    public static float Single(ILoss loss, (long[] Shape, float[] Values) value, (long[] Shape, float[] Values) teacher, params Parameter[] parameters) =>
        Assert.Single(Of(loss, [("x", value.Shape, value.Values)], [("t", teacher.Shape, teacher.Values)], parameters)).Value;
}
