using System.Collections.Immutable;
using System.Globalization;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Reports;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Precision;

/// <summary>
/// The parts that the steps <c>float16</c>, <c>bfloat16</c> and <c>mixed-precision</c> share: the check whether a model can be converted, the values that
/// exceed the range, and the conversion.
/// </summary>
internal static class PrecisionConversion
{
    /// <summary>Prepares the model for conversion: upgrades its opset if operators support bfloat16 only in later opsets.</summary>
    /// <returns>Whether the model can be converted; the report has the reason if it cannot.</returns>
    /// <exception cref="CompressionException">MB1005: no provider of the recipe's target runs the format.</exception>
    public static bool Prepare(PassContext context, NarrowFloat format)
    {
        if (format == NarrowFloat.Bfloat16 && context.Target.IsProcessor)
            throw new CompressionException(
                Codes.UnknownOption,
                $"bfloat16 needs an accelerator, and the recipe is made for '{context.Target}', on which ONNX Runtime does not compute in "
                    + $"bfloat16: name the provider that the application uses (Providers, or --target), such as cuda, or take 'float16-weights' for a "
                    + $"smaller file."
            );
        var main = new Graph(context.Model);
        if (WhyNot(main, format) is { } why)
        {
            context.Report.Leave("the model", why);
            return false;
        }

        if (format == NarrowFloat.Bfloat16)
            RaiseOpset(context, main);
        if (context.Target.IsProcessor)
            context.Report.Warn(
                Codes.WrongTarget,
                $"float16 is for accelerators, and the recipe is made for '{context.Target}': ONNX Runtime computes it there in float32 with "
                    + "conversions around it, or in slow kernels. Take 'float16-weights', which halves the file and keeps float32's speed; "
                    + "or name the provider that the application uses (Providers, or --target), such as cuda."
            );
        return true;
    }

    /// <summary>Returns the values of the main graph that exceed the format's range on calibration data.</summary>
    public static IReadOnlyDictionary<string, float> Overflowing(PassContext context, NarrowFloat format)
    {
        // Without samples, no value is known to overflow float16: a calibration file only has statistics of the values that integers need.
        if (format != NarrowFloat.Float16 || context.Calibration is not { Fit: not null } calibration)
            return ImmutableDictionary<string, float>.Empty;
        var main = new Graph(context.Model);
        var types = new ValueTypes(main);
        string[] values =
        [
            .. main
                .Nodes.SelectMany(node => node.Input.Concat(node.Output))
                .Distinct(StringComparer.Ordinal)
                .Where(value => value.Length > 0 && types.Of(main, value) == DataType.Float && !main.IsConstant(value)),
        ];
        return calibration
            .Collect(context.Model, new StatisticsRequest(values, Histograms: false, new Dictionary<string, int>()), context.CancellationToken)
            .Select(value => (value.Key, Size: Math.Max(-value.Value.Min, value.Value.Max)))
            .Where(value => value.Size > format.Largest)
            .ToDictionary(value => value.Key, value => value.Size, StringComparer.Ordinal);
    }

    /// <summary>Converts nodes of a model to 16-bit floats.</summary>
    /// <returns>The nodes, with their outcomes.</returns>
    public static IReadOnlyList<FloatNode> Convert(OnnxModel model, ConversionSettings settings, PassReport report)
    {
        var graph = new FloatGraph(new Graph(model), settings.Io);
        PrecisionPlan.Decide(graph, model, settings);
        new PrecisionWriter(graph, settings.Format, report).Write();
        foreach (var node in graph.Nodes.Where(node => !node.IsNarrow && node.WhyFloat32 is not null && (node.Outputs.Count > 0 || node.Rule is null)))
            report.Leave(node.Label, node.WhyFloat32!);
        report.Reform(
            graph.Nodes.Where(node => node.IsNarrow).Select(node => node.Proto.Name),
            settings.Format == NarrowFloat.Bfloat16 ? NodeForm.Bfloat16 : NodeForm.Float16
        );
        return graph.Nodes;
    }

    private static string? WhyNot(Graph main, NarrowFloat format)
    {
        var opset = main.Model.Opset();
        if (main.SelfAndSubgraphs().SelectMany(scope => scope.Nodes).FirstOrDefault(IsQuantized) is { } node)
            return $"it computes in integers ({node.OpType}): 16-bit floats between integer nodes would prevent their fusion";
        return opset < format.FirstOpset ? string.Create(CultureInfo.InvariantCulture, $"its opset is {opset}; {format.Name} needs {format.FirstOpset}") : null;
    }

    private static bool IsQuantized(NodeProto node) =>
        (node.OpType.Contains("Quantize", StringComparison.Ordinal) && node.OpType != "GatherBlockQuantized")
        || node.OpType.StartsWith("QLinear", StringComparison.Ordinal)
        || node.OpType.Contains("Integer", StringComparison.Ordinal)
        || node.OpType is "QAttention" or "QGemm";

    private static void RaiseOpset(PassContext context, Graph main)
    {
        var opset = context.Model.Opset();
        var rules = main.SelfAndSubgraphs()
            .SelectMany(scope => scope.Nodes)
            .Where(node => node.IsStandard())
            .Select(NarrowOperators.Find)
            .OfType<OperatorRule>()
            .ToArray();
        if (
            !rules.Any(rule => rule.Bfloat16Since > opset && rule.Bfloat16Since <= OpsetUpgrade.Target)
            || !rules.Any(rule => rule.Kind == OperatorKind.Layer && rule.Bfloat16Since <= OpsetUpgrade.Target)
        )
            return;
        if (OpsetUpgrade.WhyNot(main) is { } why)
        {
            context.Report.Leave("the model's opset", why);
            return;
        }

        OpsetUpgrade.Apply(main);
        context.Report.Changed(string.Create(CultureInfo.InvariantCulture, $"opset raised to {OpsetUpgrade.Target}"));
    }
}
