using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Preprocessing;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Pipeline;

/// <summary>
/// Replaces the model in the workspace by one that prepares pictures itself, and compares it with the model that gets the tensors of the generated class.
/// </summary>
internal sealed class PictureOutput(
    OriginalModel original,
    OutputWorkspace workspace,
    PictureInput input,
    IPictureSource pictures,
    CancellationToken cancellationToken
)
{
    // The largest allowed difference of a pixel, in pixel values from 0 to 255. A resized value near the middle of two bytes may be rounded differently, once
    // for the columns and once for the rows, and float16 adds rounding errors.
    private const double MaxDifference = 2.5;

    /// <summary>Replaces the model in the workspace, and returns the facts for the receipt.</summary>
    /// <param name="verify">Whether the result is compared.</param>
    /// <exception cref="CompressionException">MB1047: the preparation cannot become a part of the model, or its result is another one.</exception>
    public PreprocessingFacts Replace(bool verify)
    {
        try
        {
            return verify ? Verified() : Unverified();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(
                Codes.Preprocess,
                $"The preparation of images cannot become a part of the model: ONNX Runtime cannot run the result: {Sessions.Reason(exception)}",
                inner: exception
            );
        }
    }

    private PreprocessingFacts Unverified()
    {
        Apply();
        return new PreprocessingFacts(input.Text, InputKind.None, 0, null, null);
    }

    private PreprocessingFacts Verified()
    {
        using var ofGraph = new RecordedOutputs();
        using var ofClass = new RecordedOutputs();
        var (outputs, difference) = Record(ofGraph, ofClass);
        // The negated comparison is also true if the difference is NaN, which is a fault, too.
        if (!(difference <= MaxDifference))
            throw Fault(
                string.Create(CultureInfo.InvariantCulture, $"its values differ from those of the class by {difference:0.##} of 255, which is not rounding")
            );
        Apply();
        var (graphMeters, classMeters) = (new OutputMeters(OutputPlan.OfNames(outputs)), new OutputMeters(OutputPlan.OfNames(outputs)));
        using var whole = new ModelRunner(Open(workspace.ModelPath));
        foreach (
            var ((sample, expected), other) in new PictureSamples(input, pictures)
                .Read(cancellationToken)
                .Zip(ofGraph.Read(outputs.Count))
                .Zip(ofClass.Read(outputs.Count))
        )
        {
            var answers = whole.Run(sample, cancellationToken);
            graphMeters.Add(expected, answers, sample);
            classMeters.Add(other, answers, sample);
        }

        // The two compared models differ only in the preparation of pictures, so their outputs may differ only by the order of computations.
        var verdicts = new OutputVerifier(StageVerification.Budget).Verify(Report(graphMeters, ofGraph.Calls), isPrecise: true);
        if (verdicts.FirstOrDefault(verdict => !verdict.Passed) is { } missed)
            throw Fault($"the output '{missed.Fidelity.Output}' changes: {missed.Measured}, beyond {missed.Budget}");
        var compared = classMeters.Results().Where(output => output.IsMeasured).ToArray();
        return new PreprocessingFacts(
            input.Text,
            pictures.Kind,
            ofGraph.Calls,
            Math.Round(difference, 2),
            compared.Length == 0 ? null : Math.Round(compared.Min(output => output.ComparableDb), 1)
        );
    }

    private (IReadOnlyList<string> Outputs, double Difference) Record(RecordedOutputs ofGraph, RecordedOutputs ofClass)
    {
        using var preparation = new ModelRunner(Sessions.OpenPortable(GraphPreparation.Alone(input)));
        using var body = new ModelRunner(Open(workspace.ModelPath));
        var difference = 0.0;
        foreach (var picture in pictures.Read(input, cancellationToken))
        {
            var prepared = preparation.Run(
                PictureSamples.Of(input, picture.Picture, picture.File),
                preparation.Outputs,
                values => Copy(values.Single(), picture.Prepared),
                cancellationToken
            );
            difference = Math.Max(difference, PixelDifference.Of(input, prepared, picture.Prepared));
            ofGraph.Add(body.Run(PictureSamples.Of(input, prepared, picture.File), cancellationToken));
            ofClass.Add(body.Run(PictureSamples.Of(input, picture.Prepared, picture.File), cancellationToken));
        }

        return ([.. body.Outputs], difference);
    }

    private void Apply()
    {
        var model = OnnxModel.Load(workspace.ModelPath, cancellationToken: cancellationToken);
        GraphPreparation.Apply(model, input);
        model.SetMetadata(ModelSignature.MetadataKey, SignatureReader.Read(model).Hash());
        model.Save(workspace.ModelPath, cancellationToken: cancellationToken);
        model.ReleaseWeights();
    }

    private InferenceSession Open(string path) => original.Target.IsProcessor ? Sessions.Open(path) : AcceleratorArithmetic.Open(path);

    private FidelityReport Report(OutputMeters meters, int calls) => new(pictures.Kind, calls, meters.Results()) { Judged = calls, Samples = calls };

    private static SampleArray Copy(OrtValue value, SampleArray expected) =>
        new(expected.Type, value.GetTensorTypeAndShape().Shape, value.GetTensorMutableRawData().ToArray());

    private static CompressionException Fault(string reason) =>
        new(Codes.Preprocess, $"The preparation of images in the graph is not that of the class: {reason}. Prepare the images outside of the model.");
}
