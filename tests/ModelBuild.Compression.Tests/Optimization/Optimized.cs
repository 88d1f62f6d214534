using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>Runs <c>optimize</c> on a network and compares the outputs of the result with those of the network.</summary>
internal static class Optimized
{
    /// <summary>Asserts that the optimized network has the given operators and the same outputs as the network.</summary>
    public static OnnxModel Becomes(Net net, string operators)
    {
        var model = net.Build();
        var optimized = Steps.Run(model, "optimize");
        Assert.Equal(operators, Steps.Operators(optimized));
        AnswersAlike(model, optimized);
        return optimized;
    }

    /// <summary>Asserts that the outputs of two models have the same names and, apart from rounding, the same values.</summary>
    public static void AnswersAlike(OnnxModel model, OnnxModel optimized)
    {
        Assert.Equal(model.Proto.Graph.Output.Select(output => output.Name), optimized.Proto.Graph.Output.Select(output => output.Name));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(optimized)), 110, double.PositiveInfinity);
    }
}
