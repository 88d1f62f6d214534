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

/// <summary>Runs one step that changes the precision, and examines its result.</summary>
internal static class Narrow
{
    /// <summary>Runs the step alone on a copy of a model, without the other work of a recipe.</summary>
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

    /// <summary>Returns the model as an accelerator would round it.</summary>
    public static OnnxModel Rounded(OnnxModel model)
    {
        var copy = model.Clone();
        AcceleratorArithmetic.Apply(copy);
        return copy;
    }

    /// <summary>Returns the Casts of all scopes, with their inputs and the types that they cast to.</summary>
    public static string[] Casts(OnnxModel model) =>
        [
            .. new Graph(model)
                .SelfAndSubgraphs()
                .SelectMany(scope => scope.Nodes)
                .Where(node => node.Is("Cast"))
                .Select(node => $"{node.Input[0]} {(DataType)node.GetInt("to")}"),
        ];

    /// <summary>Returns the element type of a weight.</summary>
    public static DataType TypeOf(OnnxModel model, string weight) => (DataType)model.Proto.Graph.Initializer.Single(tensor => tensor.Name == weight).DataType;

    /// <summary>Returns why a node was not changed, or null if it was.</summary>
    public static string? WhyNot(PassReport report, string node) => report.Skipped.FirstOrDefault(left => left.What == node)?.Why;
}
