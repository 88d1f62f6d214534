using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Counting;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Compression.Work;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>Makes results of recipes in the workspace, each in place of the one before, and compares them with the original.</summary>
internal sealed class Candidates(Original original, OutputWorkspace workspace, WorkLog work, CancellationToken cancellationToken)
{
    // The hash of the contract and its like.
    private const long CarriedBytes = 512;
    private const double SameSize = 1.01;

    // Less may be the sampling of large files.
    private const double LeastZippedSaving = 0.99;

    private CostMeter? _meter;
    private bool _wasFitted;

    /// <summary>The size of the present result's files.</summary>
    public long Bytes => workspace.Files.Sum(file => new FileInfo(file).Length);

    /// <summary>Whether that is less than the original's.</summary>
    public bool IsSmaller => Bytes < original.Bytes;

    /// <summary>What the present result saves, in words; null where it saves nothing.</summary>
    /// <param name="orZipped">
    /// Whether it is enough to be smaller in a zipped package, where zeros and values that recur take little. On disk it must be no larger, but for
    /// what every result carries.
    /// </param>
    public string? Saving(bool orZipped)
    {
        if (IsSmaller)
            return string.Create(CultureInfo.InvariantCulture, $"{(double)Bytes / original.Bytes:P0} of the original's size");
        if (!orZipped || Bytes > Math.Max(original.Bytes + CarriedBytes, original.Bytes * SameSize))
            return null;
        var share = (double)ZippedSize.Of(workspace.Files, cancellationToken) / ZippedSize.Of(original.Files, cancellationToken);
        return share < LeastZippedSaving
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{share:P0} of the original's size in a zipped package only; its size on disk and its speed are as before"
            )
            : null;
    }

    /// <summary>What counts the original and its results; for the first sample, where a result was made with some.</summary>
    public CostMeter Meter => _meter ??= CreateMeter(original.Load(), samples: null);

    /// <summary>The original's multiply-adds in the first call that it is verified on; 0 where nothing is verified.</summary>
    public double WorkOfCall { get; private set; }

    /// <summary>Runs a recipe, and saves what it makes of the original.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reference">What the original ran on; null where nothing is verified.</param>
    public IReadOnlyList<StepReport> Make(Recipe recipe, ReferenceRun? reference)
    {
        var context = original.Context() with { Work = work };
        var model = context.Model;
        _meter ??= CreateMeter(model, reference?.Samples ?? original.Calibration?.All);
        if (WorkOfCall == 0 && reference is not null)
            WorkOfCall = LayerWork.Total(model, reference.Samples.Read(cancellationToken).First().Shapes());
        work.Plan([.. RecipePipeline.Steps(recipe).Select(step => step.Definition.Name), reference is null ? "loading" : "verifying"]);
        var steps = RecipePipeline.Run(context, recipe, _meter);
        _wasFitted = context.Calibration is WatchedCalibration { WasFittedTo: true };
        // Not the original's: a step may change what a caller sees.
        model.SetMetadata(ModelSignature.MetadataKey, SignatureReader.Read(model).Hash());
        IntegerArithmetic.Describe(model);
        model.Save(workspace.ModelPath, cancellationToken: cancellationToken);
        model.ReleaseWeights();
        return steps;
    }

    /// <summary>Runs the present result on what the original ran on.</summary>
    /// <param name="recipe">What it was made by.</param>
    /// <param name="reference">The original's answers.</param>
    /// <exception cref="OnnxRuntimeException">It does not load or run.</exception>
    public FidelityReport Compare(Recipe recipe, ReferenceRun reference)
    {
        LargeModels.LetGo(original.Bytes);
        work.ReachLast();
        // Not Progress<int>: that one reports from other threads, and after the work is done.
        var name = ShortRecipe.Of(recipe.ToString());
        void OnCall(int calls) => work.Pass(string.Create(CultureInfo.InvariantCulture, $"verifying '{name}', call {calls}"));
        var fidelity = reference.Compare(workspace.ModelPath, OnCall, cancellationToken, asAccelerator: !original.Target.IsProcessor, _wasFitted);
        work.Report($"'{name}' ran beside the original in {fidelity.Calls} calls: {WorkAccount.InGiga(fidelity.Calls * WorkOfCall)} multiply-adds");
        return fidelity;
    }

    /// <summary>Loads the present result once, as applications do.</summary>
    /// <exception cref="OnnxRuntimeException">It does not load.</exception>
    public string Load()
    {
        LargeModels.LetGo(original.Bytes);
        FaultyStep.Open(workspace.ModelPath, original.Target).Dispose();
        return workspace.ModelPath;
    }

    private CostMeter CreateMeter(OnnxModel model, ISampleSource? samples) =>
        new(model, original.Signature, samples?.Read(cancellationToken).FirstOrDefault()?.Shapes());
}
