using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Samples;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Files;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// Runs the original once on the project's data, or on synthetic inputs that it accepts, and compares candidates with the recorded outputs. Models run as in
/// an application.
/// </summary>
internal sealed class ReferenceRun : IDisposable
{
    // The name under which shared results store the outputs of the original.
    private const string SharedName = "outputs of the original";

    private readonly RecordedOutputs _recorded;
    private readonly OutputPlan _plan;

    private readonly SampleDivision _division;

    private ReferenceRun(ISampleSource samples, RecordedOutputs recorded, long rows, OutputPlan plan)
    {
        Samples = samples;
        _division = new SampleDivision(recorded.Calls, rows);
        _recorded = recorded;
        _plan = plan;
    }

    /// <summary>The samples that the original ran on.</summary>
    public ISampleSource Samples { get; }

    /// <summary>The values that are compared in each call.</summary>
    public OutputPlan Plan => _plan;

    /// <summary>Whether the original ran without ONNX Runtime's optimizations.</summary>
    public bool IsAsWritten { get; private init; }

    /// <summary>Runs the original on the samples and records its outputs.</summary>
    /// <param name="model">The graph of the original, which may be loaded without weights.</param>
    /// <param name="path">The path of the original.</param>
    /// <param name="signature">The signature of the original.</param>
    /// <param name="calibrationData">Files with calibration samples; empty for synthetic inputs.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <param name="calibration">Statistics of real inputs, which synthetic inputs follow when there are no calibration samples.</param>
    /// <param name="hints">The information about outputs in the project; null for none.</param>
    /// <param name="asWritten">Whether the original runs without ONNX Runtime's optimizations.</param>
    /// <param name="described">The facts about values that synthetic inputs follow; null for none.</param>
    /// <param name="shared">
    /// The folder in which processes share the outputs of equal runs with calibration samples and with an application's session options; null to share
    /// nothing.
    /// </param>
    /// <returns>The run; or null and the reason when the original runs on no synthetic inputs, or its outputs cannot be compared.</returns>
    /// <exception cref="CompressionException">
    /// MB1003: the original does not load; MB1005: the hints do not fit the outputs; MB1019: the data cannot be used.
    /// </exception>
    public static (ReferenceRun? Run, string? WhyNot) Record(
        OnnxModel model,
        string path,
        ModelSignature signature,
        IReadOnlyList<string> calibrationData,
        CancellationToken cancellationToken,
        StoredCalibration? calibration = null,
        OutputHints? hints = null,
        bool asWritten = false,
        DescribedInputs? described = null,
        SharedResults? shared = null
    )
    {
        var original = new RecordedModel(path, hints ?? OutputHints.None);
        if (shared is not null && Recall(shared, original, new CalibrationFiles(calibrationData, signature), cancellationToken) is { } known)
            return (known, null);
        using var runner = new ModelRunner(Open(path, asWritten));
        if (calibrationData.Count > 0)
        {
            try
            {
                var run = Record(runner, original, new CalibrationFiles(calibrationData, signature), asWritten, cancellationToken);
                shared?.Save(SharedName, file => run._recorded.CopyTo(file, run._division.Rows), run._recorded.Bytes);
                return (run, null);
            }
            catch (OnnxRuntimeException exception)
            {
                throw new CompressionException(
                    Codes.CalibrationData,
                    $"The model does not run on the calibration data: {Sessions.Reason(exception)}",
                    calibrationData[0],
                    exception
                );
            }
            catch (NotSupportedException exception)
            {
                return (null, exception.Message);
            }
        }

        string? reason = null;
        var isOpen = signature.Inputs.Any(input => input.Shape?.Any(dimension => dimension.Size is null) ?? true);
        foreach (var guess in DynamicDimensions.Guesses.Take(isOpen ? DynamicDimensions.Guesses.Count : 1))
        {
            try
            {
                return (Record(runner, original, new SyntheticInputs(model, signature, guess, calibration, described), asWritten, cancellationToken), null);
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                // The first failure is the reported reason, because the sizes that are assumed for dynamic dimensions later are less likely.
                reason ??= exception is OnnxRuntimeException complaint ? Sessions.Reason(complaint) : exception.Message;
            }
        }

        return (null, $"no inputs could be made on which the model runs ({reason}); give CalibrationData");
    }

    /// <summary>Runs a candidate on the same inputs and compares its outputs with the recorded ones.</summary>
    /// <param name="candidate">The path of the candidate.</param>
    /// <param name="onCall">Receives the number of each call.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <param name="asAccelerator">Whether 16-bit floats round as on an accelerator, which the CPU provider does not do.</param>
    /// <param name="wasFitted">Whether the candidate was fitted to the samples. Then only held-out samples are compared if there are enough.</param>
    /// <exception cref="OnnxRuntimeException">The candidate does not load or run.</exception>
    public FidelityReport Compare(
        string candidate,
        Action<int>? onCall,
        CancellationToken cancellationToken,
        bool asAccelerator = false,
        bool wasFitted = false
    )
    {
        var session = asAccelerator ? AcceleratorArithmetic.Open(candidate) : Sessions.Open(candidate);
        return Compare(candidate, session, asAccelerator, wasFitted, int.MaxValue, (call, _, _, _) => onCall?.Invoke(call), cancellationToken);
    }

    /// <summary>Runs another model on the same inputs, compares its outputs with the recorded ones, and passes the values of each call to a callback.</summary>
    /// <param name="path">The path of the other model.</param>
    /// <param name="onCompared">Receives the inputs of each call, and the values of both models in the order of <see cref="Plan"/>.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <param name="asAccelerator">Whether 16-bit floats round as on an accelerator, which the CPU provider does not do.</param>
    /// <param name="wasFitted">Whether the model was fitted to the samples. Then only held-out samples are compared if there are enough.</param>
    /// <exception cref="OnnxRuntimeException">The model does not load or run.</exception>
    public FidelityReport Compare(
        string path,
        Action<Sample, IReadOnlyList<OutputValues?>, IReadOnlyList<OutputValues?>> onCompared,
        CancellationToken cancellationToken,
        bool asAccelerator = false,
        bool wasFitted = false
    ) =>
        Compare(
            path,
            asAccelerator ? AcceleratorArithmetic.Open(path) : Sessions.Open(path),
            asAccelerator,
            wasFitted,
            int.MaxValue,
            (_, sample, before, after) => onCompared(sample, before, after),
            cancellationToken
        );

    /// <summary>Runs a model on the same inputs without ONNX Runtime's optimizations, and compares its outputs with the recorded ones.</summary>
    /// <param name="path">The path of the model.</param>
    /// <param name="limit">The largest number of calls.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <exception cref="OnnxRuntimeException">The model does not load or run.</exception>
    public FidelityReport CompareAsWritten(string path, int limit, CancellationToken cancellationToken) =>
        Compare(path, Sessions.OpenAsWritten(path), asAccelerator: false, wasFitted: false, limit, (_, _, _, _) => { }, cancellationToken);

    private FidelityReport Compare(
        string candidate,
        InferenceSession session,
        bool asAccelerator,
        bool wasFitted,
        int limit,
        Action<int, Sample, IReadOnlyList<OutputValues?>, IReadOnlyList<OutputValues?>> onCall,
        CancellationToken cancellationToken
    )
    {
        var outputs = new ModelRunner(session);
        using var runner = new ComparedRunner(outputs, () => RecordedModel.Load(candidate), _plan, asAccelerator, cancellationToken);
        var meters = new OutputMeters(_plan);
        var (calls, judged) = (0, 0L);
        foreach (var (position, (sample, expected)) in Samples.Read(cancellationToken).Zip(_recorded.Read(_plan.Outputs.Count + _plan.Observed.Count)).Index())
        {
            if (calls == limit)
                break;
            if (wasFitted && _division.IsEvaluatedApart && !_division.IsHeldOut(position))
                continue;
            var actual = runner.Run(sample, cancellationToken);
            meters.Add(expected, actual, sample);
            judged += sample.Rows;
            calls++;
            onCall(calls, sample, expected, actual);
        }

        var fitted =
            !wasFitted ? 0
            : _division.IsEvaluatedApart ? _division.Rows - judged
            : _division.Rows;
        return new FidelityReport(Samples.Kind, calls, meters.Results())
        {
            Fitted = fitted,
            Judged = judged,
            Samples = _division.Rows,
        };
    }

    /// <summary>Checks that an original that stays uncompressed can be loaded in ONNX Runtime. Without ONNX Runtime the check is skipped.</summary>
    /// <param name="path">The path of the original.</param>
    /// <exception cref="CompressionException">MB1003: the original does not load.</exception>
    public static void Load(string path)
    {
        try
        {
            Open(path, asWritten: false).Dispose();
        }
        catch (Exception exception) when (exception is FileNotFoundException or CompressionException { Code: Codes.OnnxRuntimeMissing })
        {
            // If ONNX Runtime is missing, this check of the model is skipped. Without ONNX Runtime, the build copies the original and does not load it.
        }
    }

    public void Dispose() => _recorded.Dispose();

    // Opens the outputs of the original that another process has recorded, which has also checked the samples; null if there are none.
    private static ReferenceRun? Recall(SharedResults shared, RecordedModel original, CalibrationFiles samples, CancellationToken cancellationToken)
    {
        if (shared.Open(SharedName) is not { } file)
            return null;
        var (recorded, rows) = RecordedOutputs.Open(file);
        return new ReferenceRun(samples, recorded, rows, original.Plan(samples.Read(cancellationToken).First()));
    }

    private static ReferenceRun Record(ModelRunner runner, RecordedModel original, ISampleSource samples, bool asWritten, CancellationToken cancellationToken)
    {
        var first =
            samples.Read(cancellationToken).FirstOrDefault()
            ?? throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
        // The first call runs before observed values are searched for, because it shows whether the model runs and has the needed inputs.
        runner.Run(first, cancellationToken);
        var plan = original.Plan(first);
        var recorded = new RecordedOutputs();
        var rows = 0L;
        try
        {
            using var compared = new ComparedRunner(runner, original.Load, plan, asAccelerator: false, cancellationToken);
            foreach (var sample in samples.Read(cancellationToken))
            {
                var outputs = compared.Run(sample, cancellationToken);
                if (sample.File is not null)
                    SampleFaults.Check(
                        sample,
                        [.. outputs.Take(plan.Outputs.Count).Select(output => output!)],
                        LabelledClasses.Count(plan, outputs, sample.Labels)
                    );
                recorded.Add(outputs);
                rows += sample.Rows;
            }

            return new ReferenceRun(samples, recorded, rows, plan) { IsAsWritten = asWritten };
        }
        catch
        {
            recorded.Dispose();
            throw;
        }
    }

    private static InferenceSession Open(string path, bool asWritten)
    {
        try
        {
            return asWritten ? Sessions.OpenAsWritten(path) : Sessions.Open(path);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime cannot load the model: {Sessions.Reason(exception)}", inner: exception);
        }
    }
}
