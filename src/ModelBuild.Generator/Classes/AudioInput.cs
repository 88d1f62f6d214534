using ModelBuild.Generator.Signatures;

namespace ModelBuild.Generator.Classes;

/// <summary>Represents the recording that a model takes as an input.</summary>
/// <param name="Description">The description.</param>
/// <param name="Source">The origin of a description that the build found; empty if the item has the description.</param>
/// <param name="Input">The index of the input.</param>
/// <param name="Type">The C# type of the input's elements.</param>
/// <param name="Layout">The name of the layout in <c>AudioLayout</c>.</param>
/// <param name="Bands">The number of bands that the model declares; 0 for a dynamic dimension, and for samples.</param>
/// <param name="Length">The number of samples or frames that the model declares; 0 for a dynamic dimension.</param>
/// <param name="Rate">The sample rate of the model.</param>
/// <param name="RateInput">The input that takes the sample rate; null if there is none.</param>
/// <param name="IsChunked">Whether the model takes a stream in chunks.</param>
/// <param name="ScoreOutput">The output with one score for each chunk; null if there is none.</param>
/// <param name="Problem">Why the description cannot be used; null if it can.</param>
internal sealed record AudioInput(
    string Description,
    string Source,
    int Input,
    string Type,
    string Layout,
    int Bands,
    int Length,
    int Rate,
    InputMember? RateInput,
    bool IsChunked,
    OutputMember? ScoreOutput,
    string? Problem
)
{
    /// <summary>Finds the recording that a model takes; null if the signature describes none.</summary>
    public static AudioInput? Find(ModelSignature signature, InputMember[] inputs, OutputMember[] outputs, StreamPlan? stream)
    {
        if (signature.Described(ItemMetadata.Audio) is not { } described)
            return null;
        try
        {
            var description = AudioDescriptionParser.Parse(described.Text);
            var states = stream is { } plan ? plan.States.Select(state => state.Input).ToArray() : [];
            var rate = inputs.FirstOrDefault(IsRate);
            var others = inputs.Where(input => input != rate && !states.Contains(input.Index)).ToArray();
            if (
                Only(others) is not { Type: { Onnx: "float32" or "float16" } } input
                || input.Tensor.Shape is not { Count: > 0 and <= AudioDimensions.MaxRank } shape
            )
                return Wrong(
                    described,
                    "it describes the only input of float32 or float16 beside states and the sample rate, and the model has "
                        + string.Join(", ", inputs.Select(one => $"'{one.Tensor.Name}' {one.Tensor.Display}"))
                        + "."
                );
            if (states.Length > 0 && description.Chunk is null)
                return Wrong(described, "the model has states, so that it takes a stream. Add 'chunk(n)' with the number of samples that a call takes.");
            var takesFrames = description.Spectrum is not null;
            var (isBandsFirst, bands, length) = AudioDimensions.Of(description, [.. shape.Select(dimension => dimension.Size)]);
            return new AudioInput(
                described.Text,
                described.Source,
                input.Index,
                input.Type!.CSharp,
                !takesFrames ? "Samples"
                    : isBandsFirst ? "BandsFrames"
                    : "FramesBands",
                bands,
                length,
                description.Rate,
                rate,
                description.Chunk is not null,
                outputs.FirstOrDefault(IsScore),
                AudioContradictions.Find(description, takesFrames, bands, length)
            );
        }
        catch (DescriptionException mistake)
        {
            return Wrong(described, mistake.Message);
        }
    }

    private static AudioInput Wrong(ValueDescription described, string problem) =>
        new(described.Text, described.Source, 0, "", "", 0, 0, 0, null, false, null, problem);

    private static InputMember? Only(InputMember[] inputs) => inputs.Length == 1 ? inputs[0] : null;

    private static bool IsRate(InputMember input) =>
        input.Type is { Onnx: "int64" or "int32" }
        && (input.Tensor.IsScalar || input.Tensor.Shape is { Count: 1 })
        && AudioDimensions.IsRate(input.Tensor.Name);

    private static bool IsScore(OutputMember output) =>
        output.Type is { Onnx: "float32" }
        && output.Tensor.Shape is { Count: > 0 } shape
        && shape[shape.Count - 1].Size == 1
        && shape.All(size => size.Size is 1 or null);
}
