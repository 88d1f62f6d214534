using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>
/// The original, run once on the project's data, or on made inputs that it accepts; and the comparison of candidates with what it answered.
/// Models run as an application would run them.
/// </summary>
internal sealed class ReferenceRun : IDisposable
{
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

    /// <summary>What the original ran on.</summary>
    public ISampleSource Samples { get; }

    /// <summary>Whether the original ran as it is written, without ONNX Runtime's optimizations.</summary>
    public bool IsAsWritten { get; private init; }

    /// <summary>Runs the original.</summary>
    /// <param name="model">The original's graph; one loaded without its weights will do.</param>
    /// <param name="path">The original's file.</param>
    /// <param name="signature">Its signature.</param>
    /// <param name="calibrationData">Files with real inputs; empty for made ones.</param>
    /// <param name="cancellationToken">Ends a running call, too.</param>
    /// <param name="calibration">What is known of real inputs where there are none, so that made ones are like them.</param>
    /// <param name="hints">What the project says about the outputs; null for nothing.</param>
    /// <param name="asWritten">Whether it runs without ONNX Runtime's optimizations.</param>
    /// <returns>The run; or null and the reason when no inputs can be made on which the original runs, or its answers cannot be compared.</returns>
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
        bool asWritten = false
    )
    {
        var original = new RecordedModel(path, hints ?? OutputHints.None);
        using var runner = new ModelRunner(Open(path, asWritten));
        if (calibrationData.Count > 0)
        {
            try
            {
                return (Record(runner, original, new CalibrationFiles(calibrationData, signature), asWritten, cancellationToken), null);
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
        foreach (var guess in OpenDimensions.Guesses.Take(isOpen ? OpenDimensions.Guesses.Count : 1))
        {
            try
            {
                return (Record(runner, original, new MadeInputs(model, signature, guess, calibration), asWritten, cancellationToken), null);
            }
            catch (Exception exception) when (exception is OnnxRuntimeException or NotSupportedException)
            {
                // The first guess's complaint is the most telling one: later ones only go further astray.
                reason ??= exception is OnnxRuntimeException complaint ? Sessions.Reason(complaint) : exception.Message;
            }
        }

        return (null, $"no inputs could be made on which the model runs ({reason}); give CalibrationData");
    }

    /// <summary>Runs a candidate on the same inputs and compares its answers.</summary>
    /// <param name="candidate">Its file.</param>
    /// <param name="onCall">Told the number of each call.</param>
    /// <param name="cancellationToken">Ends a running call, too.</param>
    /// <param name="asAccelerator">Whether 16-bit floats round as an accelerator rounds them, which the processor does not do by itself.</param>
    /// <param name="wasFitted">Whether the candidate was fitted to the samples: then it is judged on those alone that were held out, where they are
    /// enough.</param>
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
        return Compare(candidate, session, asAccelerator, wasFitted, int.MaxValue, onCall, cancellationToken);
    }

    /// <summary>Runs a model on the same inputs without ONNX Runtime's optimizations, and compares its answers.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="limit">On how many calls at most.</param>
    /// <param name="cancellationToken">Ends a running call, too.</param>
    /// <exception cref="OnnxRuntimeException">The model does not load or run.</exception>
    public FidelityReport CompareAsWritten(string path, int limit, CancellationToken cancellationToken) =>
        Compare(path, Sessions.OpenAsWritten(path), asAccelerator: false, wasFitted: false, limit, onCall: null, cancellationToken);

    private FidelityReport Compare(
        string candidate,
        InferenceSession session,
        bool asAccelerator,
        bool wasFitted,
        int limit,
        Action<int>? onCall,
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
            if (wasFitted && _division.IsJudgedApart && !_division.IsHeldOut(position))
                continue;
            meters.Add(expected, runner.Run(sample, cancellationToken), sample);
            judged += sample.Rows;
            calls++;
            onCall?.Invoke(calls);
        }

        var fitted =
            !wasFitted ? 0
            : _division.IsJudgedApart ? _division.Rows - judged
            : _division.Rows;
        return new FidelityReport(Samples.Kind, calls, meters.Results())
        {
            Fitted = fitted,
            Judged = judged,
            Samples = _division.Rows,
        };
    }

    /// <summary>Loads an original that is kept without having run. Without ONNX Runtime nobody can say whether it loads, and nothing is wrong.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="CompressionException">MB1003: it does not load.</exception>
    public static void Load(string path)
    {
        try
        {
            Open(path, asWritten: false).Dispose();
        }
        catch (Exception exception) when (exception is FileNotFoundException or CompressionException { Code: Codes.OnnxRuntimeMissing })
        {
            // It is copied as it is.
        }
    }

    public void Dispose() => _recorded.Dispose();

    private static ReferenceRun Record(ModelRunner runner, RecordedModel original, ISampleSource samples, bool asWritten, CancellationToken cancellationToken)
    {
        var first =
            samples.Read(cancellationToken).FirstOrDefault()
            ?? throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
        // What the first call needs is known to be there, and whether the model runs, before the values inside are looked for.
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
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime does not load the model: {Sessions.Reason(exception)}", inner: exception);
        }
    }
}
