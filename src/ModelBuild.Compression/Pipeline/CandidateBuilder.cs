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

/// <summary>Computes the results of recipes in the workspace, where each result replaces the previous one, and compares them with the original.</summary>
/// <param name="original">The model.</param>
/// <param name="workspace">The folder in which results are saved.</param>
/// <param name="work">Receives reports of the work.</param>
/// <param name="cancellationToken">Ends the work.</param>
internal sealed class CandidateBuilder(OriginalModel original, OutputWorkspace workspace, WorkLog work, CancellationToken cancellationToken)
{
    // The bytes that metadata, such as the hash of the contract, adds to every result.
    private const long MetadataBytes = 512;
    private const double SameSize = 1.01;

    // The largest share of the original's zipped size at which a result counts as smaller. The zipped size of a large file is estimated from samples, so a
    // smaller saving may be an error of the estimate.
    private const double MaxZippedShare = 0.99;

    private CostMeter? _meter;
    private bool _wasFitted;

    /// <summary>The file of the result of the recipe that ran last.</summary>
    public string ModelPath => workspace.ModelPath;

    /// <summary>The size in bytes of the files of the result of the recipe that ran last.</summary>
    public long Bytes => workspace.Files.Sum(file => new FileInfo(file).Length);

    /// <summary>Whether the present result has fewer bytes than the original.</summary>
    public bool IsSmaller => Bytes < original.Bytes;

    /// <summary>Returns a text that says how much the present result saves; null if it saves nothing.</summary>
    /// <param name="orZipped">
    /// Whether a saving in a zipped package is enough, where zeros and repeated values take little space. Apart from metadata, the result must then be
    /// no larger on disk.
    /// </param>
    public string? Saving(bool orZipped)
    {
        if (IsSmaller)
            return string.Create(CultureInfo.InvariantCulture, $"{(double)Bytes / original.Bytes:P0} of the original's size");
        if (!orZipped || Bytes > Math.Max(original.Bytes + MetadataBytes, original.Bytes * SameSize))
            return null;
        var share = (double)ZippedSize.Of(workspace.Files, cancellationToken) / ZippedSize.Of(original.Files, cancellationToken);
        return share < MaxZippedShare
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{share:P0} of the original's size in a zipped package only; its size on disk and its speed are as before"
            )
            : null;
    }

    /// <summary>
    /// Counts the work of the original and of its results. The counted call has the shapes of the first sample if the first result was computed with samples.
    /// </summary>
    public CostMeter Meter => _meter ??= CreateMeter(original.Load(), samples: null);

    /// <summary>The multiply-adds of the original in the first call that it is verified on; 0 where nothing is verified.</summary>
    public double WorkOfCall { get; private set; }

    /// <summary>Runs a recipe on the original, and saves the result in the workspace.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="reference">The run of the original; null where nothing is verified.</param>
    /// <returns>The outcomes of the steps.</returns>
    public IReadOnlyList<StepReport> Make(Recipe recipe, ReferenceRun? reference)
    {
        var context = original.CreateContext() with { Work = work };
        var model = context.Model;
        _meter ??= CreateMeter(model, reference?.Samples ?? original.Calibration?.All);
        if (WorkOfCall == 0 && reference is not null)
            WorkOfCall = LayerWork.Total(model, reference.Samples.Read(cancellationToken).First().Shapes());
        work.Plan([.. RecipePipeline.Steps(recipe).Select(step => step.Definition.Name), reference is null ? "loading" : "verifying"]);
        var steps = RecipePipeline.Run(context, recipe, _meter);
        _wasFitted = context.Calibration is WatchedCalibration { WasFittedTo: true };
        // The hash of the signature is computed again, because a step may change the signature of the model.
        model.SetMetadata(ModelSignature.MetadataKey, SignatureReader.Read(model).Hash());
        IntegerArithmetic.Describe(model);
        model.Save(workspace.ModelPath, cancellationToken: cancellationToken);
        model.ReleaseWeights();
        return steps;
    }

    /// <summary>Runs the present result on the samples on which the original ran, and compares their outputs.</summary>
    /// <param name="recipe">The recipe of the result.</param>
    /// <param name="reference">The outputs of the original.</param>
    /// <exception cref="OnnxRuntimeException">The result does not load or run.</exception>
    public FidelityReport Compare(Recipe recipe, ReferenceRun reference)
    {
        LargeModels.CollectAfterRelease(original.Bytes);
        work.ReachLast();
        // The comparison reports its calls through a callback, because Progress<int> reports on other threads, and also after the work is done.
        var name = ShortRecipe.Of(recipe.ToString());
        void OnCall(int calls) => work.Pass(string.Create(CultureInfo.InvariantCulture, $"verifying '{name}', call {calls}"));
        var fidelity = reference.Compare(workspace.ModelPath, OnCall, cancellationToken, asAccelerator: !original.Target.IsProcessor, _wasFitted);
        work.Report($"'{name}' ran beside the original in {fidelity.Calls} calls: {WorkAccount.InGiga(fidelity.Calls * WorkOfCall)} multiply-adds");
        return fidelity;
    }

    /// <summary>Loads the present result once in ONNX Runtime, as applications do, to check that it loads.</summary>
    /// <exception cref="OnnxRuntimeException">The result does not load.</exception>
    public void Load()
    {
        LargeModels.CollectAfterRelease(original.Bytes);
        FaultyStep.Open(workspace.ModelPath, original.Target).Dispose();
    }

    private CostMeter CreateMeter(OnnxModel model, ISampleSource? samples) =>
        new(model, original.Signature, samples?.Read(cancellationToken).FirstOrDefault()?.Shapes());
}
