using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Calibration.Stored;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Precision;
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
    private readonly IReadOnlyList<string> _outputs;

    private readonly SampleDivision _division;

    private ReferenceRun(ISampleSource samples, RecordedOutputs recorded, long rows, IReadOnlyList<string> outputs)
    {
        Samples = samples;
        _division = new SampleDivision(recorded.Calls, rows);
        _recorded = recorded;
        _outputs = outputs;
    }

    /// <summary>What the original ran on.</summary>
    public ISampleSource Samples { get; }

    /// <summary>Runs the original.</summary>
    /// <param name="model">The original's graph; one loaded without its weights will do.</param>
    /// <param name="path">The original's file.</param>
    /// <param name="signature">Its signature.</param>
    /// <param name="calibrationData">Files with real inputs; empty for made ones.</param>
    /// <param name="cancellationToken">Ends a running call, too.</param>
    /// <param name="calibration">What is known of real inputs where there are none, so that made ones are like them.</param>
    /// <returns>The run; or null and the reason when no inputs can be made on which the original runs, or its answers cannot be compared.</returns>
    /// <exception cref="CompressionException">MB1003: the original does not load; MB1019: the data cannot be used.</exception>
    public static (ReferenceRun? Run, string? WhyNot) Record(
        OnnxModel model, string path, ModelSignature signature, IReadOnlyList<string> calibrationData, CancellationToken cancellationToken, StoredCalibration? calibration = null)
    {
        using var runner = new ModelRunner(Open(path));
        if (calibrationData.Count > 0)
        {
            try
            {
                return (Record(runner, new CalibrationFiles(calibrationData, signature), cancellationToken), null);
            }
            catch (OnnxRuntimeException exception)
            {
                throw new CompressionException(Codes.CalibrationData, $"The model does not run on the calibration data: {Sessions.Reason(exception)}", calibrationData[0], exception);
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
                return (Record(runner, new MadeInputs(model, signature, guess, calibration), cancellationToken), null);
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
    /// <param name="wasFitted">Whether the candidate was fitted to the samples: then it is judged on those alone that were held out, where they are enough.</param>
    /// <exception cref="OnnxRuntimeException">The candidate does not load or run.</exception>
    public FidelityReport Compare(string candidate, Action<int>? onCall, CancellationToken cancellationToken, bool asAccelerator = false, bool wasFitted = false)
    {
        using var runner = new ModelRunner(asAccelerator ? AcceleratorArithmetic.Open(candidate) : Sessions.Open(candidate));
        var meters = _outputs.Select(output => new OutputMeter(output)).ToArray();
        var (calls, judged) = (0, 0L);
        foreach (var (position, (sample, expected)) in Samples.Read(cancellationToken).Zip(_recorded.Read(_outputs.Count)).Index())
        {
            if (wasFitted && _division.IsJudgedApart && !_division.IsHeldOut(position))
                continue;
            var actual = runner.Run(sample, cancellationToken);
            for (var i = 0; i < meters.Length; i++)
                meters[i].Add(expected[i], actual[i], sample.Labels);
            judged += sample.Rows;
            calls++;
            onCall?.Invoke(calls);
        }

        var fitted = !wasFitted ? 0 : _division.IsJudgedApart ? _division.Rows - judged : _division.Rows;
        return new FidelityReport(Samples.Kind, calls, [.. meters.Select(meter => meter.Result())]) { Fitted = fitted, Judged = judged, Samples = _division.Rows };
    }

    public void Dispose() => _recorded.Dispose();

    private static ReferenceRun Record(ModelRunner runner, ISampleSource samples, CancellationToken cancellationToken)
    {
        var recorded = new RecordedOutputs();
        var rows = 0L;
        try
        {
            foreach (var sample in samples.Read(cancellationToken))
            {
                var outputs = runner.Run(sample, cancellationToken);
                if (sample.File is not null)
                    SampleFaults.Check(sample, outputs);
                recorded.Add(outputs);
                rows += sample.Rows;
            }

            if (recorded.Calls == 0)
                throw new CompressionException(Codes.CalibrationData, "The calibration data holds no sample: at least one row for each input is needed.");
            return new ReferenceRun(samples, recorded, rows, runner.Outputs);
        }
        catch
        {
            recorded.Dispose();
            throw;
        }
    }

    private static InferenceSession Open(string path)
    {
        try
        {
            return Sessions.Open(path);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime does not load the model: {Sessions.Reason(exception)}", inner: exception);
        }
    }
}
