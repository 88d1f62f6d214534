using System.Globalization;
using ModelBuild.Compression.Compilers.Checks;
using ModelBuild.Compression.Compilers.Rewrites;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Passes.Optimization;
using ModelBuild.Compression.Passes.Precision;
using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Targets;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Compilers;

/// <summary>
/// Writes a model in the operators and types that a compiler supports: fixed shapes, standard operators, and the compiler's forms of quantized weights. The
/// result is compared with the table of the compiler and with the outputs of the model.
/// </summary>
/// <param name="compiler">The compiler.</param>
/// <param name="precision">The precision of the result.</param>
internal sealed class CompilerExport(Compiler compiler, ExportPrecision precision)
{
    // Models of an older opset are upgraded before the export, because earlier opsets have other forms of many operators, such as axes as attributes.
    private const long OldestOpset = 13;

    // The largest number of rounds of constant folding. One round may compute sizes that the next one needs.
    private const int MaxRounds = 50;

    // The largest number of reasons that a message lists, and of nodes that it lists for each reason.
    private const int MaxListed = 10;

    private readonly PassReport _report = new();
    private long? _opset;
    private string? _obstacle;

    /// <summary>Rewrites a model for the compiler, and verifies the result.</summary>
    /// <param name="model">The model, which changes.</param>
    /// <param name="shapes">The shapes of inputs by name; inputs with fixed shapes, and those whose only dynamic dimension is the rows, need none.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="CompressionException">
    /// MB1005: a dynamic dimension has no size, or the compiler does not take a node; MB1009: the result would compute something else.
    /// </exception>
    public ExportedModel Run(OnnxModel model, IReadOnlyDictionary<string, long[]> shapes, CancellationToken cancellationToken)
    {
        ModelPreparation.Prepare(model);
        SparseConstants.MakeDense(model);
        InputShapes.Fix(model, shapes);
        var original = model.Clone();
        model.Proto.Graph.ValueInfo.Clear();
        Clean(model, cancellationToken, new ConstantsToInitializers(), new IdentityElimination());
        RaiseOpset(model);
        Apply(model, cancellationToken, new BlockedOperators(), new ContribOperators());
        FoldSizes(model, cancellationToken);
        if (precision == ExportPrecision.Float16)
            Narrow(model, cancellationToken);
        if (compiler.IsSymmetric)
            Apply(model, cancellationToken, new SymmetricCodes(), new StoredProducts(), new FloatBiases());
        if (compiler.NeedsLayerBiases)
            Apply(model, cancellationToken, new LayerBiases());
        if (compiler.HasRowBlocksOnly)
            Apply(model, cancellationToken, new RowBlocks());
        if (!compiler.HasBlocks)
            Apply(model, cancellationToken, new NarrowCodes(), new BlockArithmetic());
        Clean(model, cancellationToken, new DeadCodeElimination());
        Apply(model, cancellationToken, new ComputedConstants(compiler));
        Clean(model, cancellationToken, new DeadCodeElimination(), new IdentityElimination(), new InitializerSharing());
        RemoveUnusedDomains(model);
        DeclaredShapes.Write(model);
        Check(model);
        return new ExportedModel(model, Changes(), ExportVerification.Compare(original, model, precision, cancellationToken));
    }

    private string[] Changes()
    {
        var counts = _report.Changes.Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Key}: {change.Value}"));
        return _opset is null ? [.. counts] : [string.Create(CultureInfo.InvariantCulture, $"opset raised to {_opset}"), .. counts];
    }

    private void RaiseOpset(OnnxModel model)
    {
        var main = new Graph(model);
        var isOld = model.Opset() < OldestOpset;
        var isContributed = main.SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Any(node => !node.IsStandard());
        if ((!isOld && !isContributed) || model.Opset() >= OpsetUpgrade.Target)
            return;
        _obstacle = CompleteOpsetUpgrade.WhyNot(main);
        if (_obstacle is not null)
            return;
        CompleteOpsetUpgrade.Apply(main);
        _opset = OpsetUpgrade.Target;
    }

    private void FoldSizes(OnnxModel model, CancellationToken cancellationToken)
    {
        for (var round = 0; round < MaxRounds; round++)
            if (Apply(model, cancellationToken, new FixedSizes(), new ConstantFolding(), new ConstantBranches()) == 0)
                return;
    }

    private void Narrow(OnnxModel model, CancellationToken cancellationToken)
    {
        var report = new PassReport();
        // The target is CUDA, because its devices compute in float16.
        var context = new PassContext(model, report, cancellationToken) { Target = TargetProfile.Parse("cuda") };
        if (!PrecisionConversion.Prepare(context, NarrowFloat.Float16))
            throw new CompressionException(
                Codes.UnknownOption,
                $"--precision float16 is not possible for this model: {report.Skipped[0].Why}. Leave it out; the types of a quantized model are its precision."
            );
        // A root mean square normalization stays in float32, because its squares exceed the range of float16. Operators that the compiler supports only in
        // float32 stay in float32, too.
        var wide = compiler.Operators.Where(support => support.Value.Types is { } types && types.Contains(DataType.Float) && !types.Contains(DataType.Float16));
        string[] kept = [$"{ContribNormalizations.WideName}/*", .. wide.Select(support => support.Key)];
        var nodes = PrecisionConversion.Convert(model, new ConversionSettings(NarrowFloat.Float16, Io: false, Exclude: string.Join('|', kept)), report);
        _report.Changed("nodes converted to float16", nodes.Count(node => node.IsNarrow));
    }

    // Applies rewrites that clean the graph. These rewrites are not reported, because they do not concern the user.
    private static void Clean(OnnxModel model, CancellationToken cancellationToken, params IGraphRewrite[] rewrites)
    {
        foreach (var rewrite in rewrites)
        {
            var main = new Graph(model);
            rewrite.Apply(main, cancellationToken);
            main.RemoveStaleInfo();
        }

        model.ReleaseWeights();
    }

    private int Apply(OnnxModel model, CancellationToken cancellationToken, params IGraphRewrite[] rewrites)
    {
        var sum = 0;
        foreach (var rewrite in rewrites)
        {
            var count = rewrite.Apply(new Graph(model), cancellationToken);
            model.ReleaseWeights();
            _report.Changed(rewrite.Effect, count);
            sum += count;
        }

        return sum;
    }

    private static void RemoveUnusedDomains(OnnxModel model)
    {
        var used = new Graph(model).SelfAndSubgraphs().SelectMany(scope => scope.Nodes).Select(node => Domains.Normalize(node.Domain)).ToHashSet();
        foreach (var import in model.Proto.OpsetImport.Where(import => !Domains.IsStandard(import.Domain) && !used.Contains(import.Domain)).ToArray())
            model.Proto.OpsetImport.Remove(import);
    }

    private void Check(OnnxModel model)
    {
        var refusals = new GraphCheck(compiler, new Graph(model)).Refusals();
        if (refusals.Count == 0)
            return;
        // The message of the exception lists nodes that are refused for the same reason together.
        var reasons = refusals.GroupBy(refusal => refusal.Reason).Select(group => $"{Listed([.. group.Select(refusal => refusal.Part)], ", ")}: {group.Key}");
        throw new CompressionException(
            Codes.UnknownOption,
            $"{compiler.Title} does not take this model, so nothing was written. {Listed([.. reasons], "; ")}."
                + (_obstacle is null ? "" : $" Its opset cannot be raised to {OpsetUpgrade.Target}: {_obstacle}.")
        );
    }

    private static string Listed(IReadOnlyList<string> texts, string separator) =>
        string.Join(separator, texts.Take(MaxListed))
        + (texts.Count > MaxListed ? string.Create(CultureInfo.InvariantCulture, $"{separator}and {texts.Count - MaxListed} more") : "");
}
