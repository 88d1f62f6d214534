using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Data.Sounds;

/// <summary>Represents the inputs of a model that takes sound. The generated class finds the same inputs.</summary>
/// <param name="Input">The input of the sound.</param>
/// <param name="Rate">The input of the sample rate; null if there is none.</param>
/// <param name="States">The states, with the input of each.</param>
/// <param name="Preparation">The preparation of the sound.</param>
internal sealed record SoundInput(
    ValueSignature Input,
    ValueSignature? Rate,
    IReadOnlyList<(StatePair Pair, ValueSignature Input)> States,
    AudioPreparation Preparation
)
{
    /// <summary>Gets whether the first dimension of the input counts recordings, so that rows of data can be joined along it.</summary>
    public bool HasRows => Input.Shape!.Count > (Preparation.Layout == AudioLayout.Samples ? 1 : 2);

    /// <summary>Finds the inputs of a model that takes sound.</summary>
    /// <param name="signature">The signature of the model.</param>
    /// <param name="states">The states of the model.</param>
    /// <param name="description">The description of the sound.</param>
    /// <param name="file">The first file, for messages.</param>
    /// <exception cref="CompressionException">MB1019: the description has a mistake or does not fit the model.</exception>
    public static SoundInput Find(ModelSignature signature, IReadOnlyList<StatePair> states, string description, string file)
    {
        var rate = signature.Inputs.FirstOrDefault(IsRate);
        ValueSignature[] others = [.. signature.Inputs.Where(input => input != rate && states.All(state => state.Input != input.Name))];
        if (others is not [{ Kind: ValueKind.Tensor, Type: "float32" or "float16", Shape: { Count: > 0 and <= AudioDimensions.MaxRank } shape } input])
            throw DataFault.Of(
                file,
                "The sound cannot be used as data: it is for the only input of float32 or float16 beside states and the sample rate, and the model has "
                    + $"{string.Join(", ", signature.Inputs.Select(one => $"'{one.Name}' {one.Type}"))}."
            );
        try
        {
            var parsed = AudioDescriptionParser.Parse(description);
            var (isBandsFirst, bands, length) = AudioDimensions.Of(parsed, [.. shape.Select(dimension => dimension.Size)]);
            var takesFrames = parsed.Spectrum is not null;
            if (AudioContradictions.Find(parsed, takesFrames, bands, length) is { } problem)
                throw new FormatException(problem);
            if (states.Count > 0 && parsed.Chunk is null)
                throw new FormatException("The model has states, so that it takes a stream. Add 'chunk(n)' with the number of samples that a call takes.");
            var layout =
                !takesFrames ? AudioLayout.Samples
                : isBandsFirst ? AudioLayout.BandsFrames
                : AudioLayout.FramesBands;
            return new SoundInput(
                input,
                rate,
                [.. states.Select(pair => (pair, signature.Inputs.First(one => one.Name == pair.Input)))],
                new AudioPreparation(description, layout, bands, length)
            );
        }
        catch (FormatException mistake)
        {
            throw DataFault.Of(file, $"The description of the sound, '{description}', cannot be used: {mistake.Message}", mistake);
        }
    }

    /// <summary>Returns the shape of the input in a call with one recording or chunk.</summary>
    /// <param name="size">The size of the prepared sound.</param>
    public long[] Shape(AudioSize size)
    {
        var shape = new long[Input.Shape!.Count];
        Array.Fill(shape, 1);
        shape[^1] = Preparation.Layout == AudioLayout.FramesBands ? size.Bands : size.Length;
        if (Preparation.Layout != AudioLayout.Samples)
            shape[^2] = Preparation.Layout == AudioLayout.FramesBands ? size.Length : size.Bands;
        return shape;
    }

    /// <summary>Returns the shape of the array of several recordings or chunks.</summary>
    /// <param name="rows">The number of recordings or chunks.</param>
    /// <param name="size">The size of each.</param>
    public long[] Shape(int rows, AudioSize size) => HasRows ? [rows, .. Shape(size).AsSpan(1)] : [rows, .. Shape(size)];

    /// <summary>Writes the sample rate as an array, if the model takes it as an input.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="rows">The number of recordings or chunks.</param>
    public void WriteRate(NpzWriter archive, int rows)
    {
        if (Rate is { Shape.Count: 0 })
            archive.Write(Rate.Name, [Preparation.Rate]);
        else if (Rate is not null)
            archive.Write(Rate.Name, [.. Enumerable.Repeat((long)Preparation.Rate, rows)], rows);
    }

    private static bool IsRate(ValueSignature input) =>
        input is { Kind: ValueKind.Tensor, Type: "int64" or "int32", Shape.Count: <= 1 } && AudioDimensions.IsRate(input.Name);
}
