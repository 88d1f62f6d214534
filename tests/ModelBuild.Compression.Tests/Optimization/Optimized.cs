using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Optimization;

/// <summary>The result of <c>optimize</c> for a net, whose outputs are compared with those of the net.</summary>
internal static class Optimized
{
    /// <summary>The net becomes these operators, keeps its outputs and answers alike.</summary>
    public static OnnxModel Becomes(Net net, string operators)
    {
        var model = net.Build();
        var optimized = Steps.Run(model, "optimize");
        Assert.Equal(operators, Steps.Operators(optimized));
        AnswersAlike(model, optimized);
        return optimized;
    }

    /// <summary>Outputs have the same names, and the same values but for rounding.</summary>
    public static void AnswersAlike(OnnxModel model, OnnxModel optimized)
    {
        Assert.Equal(model.Proto.Graph.Output.Select(output => output.Name), optimized.Proto.Graph.Output.Select(output => output.Name));
        Assert.InRange(Ort.Sqnr(Ort.Run(model), Ort.Run(optimized)), 110, double.PositiveInfinity);
    }
}
