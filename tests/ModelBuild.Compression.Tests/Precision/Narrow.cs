using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Recipes;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Precision;

/// <summary>Runs one step of precision, and looks at what it leaves behind.</summary>
internal static class Narrow
{
    /// <summary>Runs the step alone, without what recipes do around it, on a copy.</summary>
    public static OnnxModel Run(OnnxModel model, string step, out PassReport report, string target = "cuda", ISampleSource? samples = null)
    {
        var copy = model.Clone();
        var definition = RecipeParser.Parse(step).Steps.Single();
        var context = new PassContext(copy, new PassReport(), CancellationToken.None)
        {
            Target = TargetProfile.Parse(target),
            Calibration = samples is null ? null : new CalibrationContext(samples, threads: 1),
        };
        report = RecipePipeline.Run(context, [definition]).Single().Report;
        return copy;
    }

    /// <summary>The model as an accelerator would round it.</summary>
    public static OnnxModel Rounded(OnnxModel model)
    {
        var copy = model.Clone();
        AcceleratorArithmetic.Apply(copy);
        return copy;
    }

    /// <summary>The Casts of all scopes: from what to which type.</summary>
    public static string[] Casts(OnnxModel model) =>
        [
            .. new Graph(model)
                .SelfAndSubgraphs()
                .SelectMany(scope => scope.Nodes)
                .Where(node => node.Is("Cast"))
                .Select(node => $"{node.Input[0]} {(DataType)node.GetInt("to")}"),
        ];

    /// <summary>The element type of a weight.</summary>
    public static DataType TypeOf(OnnxModel model, string weight) => (DataType)model.Proto.Graph.Initializer.Single(tensor => tensor.Name == weight).DataType;

    /// <summary>Why a node was left alone; null when it was not.</summary>
    public static string? WhyNot(PassReport report, string node) => report.Skipped.FirstOrDefault(left => left.What == node)?.Why;
}
