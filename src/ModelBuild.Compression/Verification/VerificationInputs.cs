using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Verification;

/// <summary>Chooses what a model is verified on: the project's data, or made inputs on which the original runs.</summary>
internal static class VerificationInputs
{
    /// <summary>The inputs, or null with the reason when none can be made on which the original runs.</summary>
    public static (ISampleSource? Samples, string? WhyNot) Choose(
        OnnxModel model, string path, ModelSignature signature, IReadOnlyList<string> calibrationData, CancellationToken cancellationToken)
    {
        if (calibrationData.Count > 0)
            return (new CalibrationFiles(calibrationData, signature), null);

        string? reason = null;
        try
        {
            using var runner = new ModelRunner(Sessions.Open(path));
            var isOpen = signature.Inputs.Any(input => input.Shape?.Any(dimension => dimension.Size is null) ?? true);
            foreach (var guess in OpenDimensions.Guesses.Take(isOpen ? OpenDimensions.Guesses.Count : 1))
            {
                var made = new MadeInputs(model, signature, guess);
                try
                {
                    runner.Run(made.Read(cancellationToken).First(), cancellationToken);
                    return (made, null);
                }
                catch (OnnxRuntimeException exception)
                {
                    // The first guess's complaint is the most telling one: later ones only go further astray.
                    reason ??= Sessions.Reason(exception);
                }
            }
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(Codes.ModelUnreadable, $"ONNX Runtime does not load the model: {Sessions.Reason(exception)}", inner: exception);
        }
        catch (NotSupportedException exception)
        {
            reason = exception.Message;
        }

        return (null, $"no inputs could be made on which the model runs ({reason}); give CalibrationData");
    }
}
