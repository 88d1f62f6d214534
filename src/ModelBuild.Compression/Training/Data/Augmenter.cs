using System.Runtime.InteropServices;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Options;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Buffers;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Data;

/// <summary>
/// Changes images at random: inputs [N,C,H,W] with 1, 3 or 4 channels and sides of 8 pixels or more. A row always changes in the same way in an epoch,
/// independent of its batch. All images of a row are flipped and moved in the same way, so that an image and its mask still fit. Pixels from outside an image
/// have the value of the nearest pixel of its border.
/// </summary>
/// <param name="augmentations">The changes.</param>
/// <param name="seed">The seed of all rows and epochs.</param>
internal sealed class Augmenter(Augmentations augmentations, ulong seed)
{
    private const int LeastSide = 8;

    /// <summary>Returns whether rows of an input are images.</summary>
    public static bool IsImage(InputTensor input) => input.Type.Shape is [_, 1 or 3 or 4, >= LeastSide, >= LeastSide];

    /// <summary>Throws if the changes are not possible for any of the inputs.</summary>
    /// <param name="augmentations">The changes.</param>
    /// <param name="inputs">The inputs.</param>
    /// <exception cref="CompressionException">MB1005: no input has the form of images, or a number is too large for the images.</exception>
    public static void Check(Augmentations augmentations, IEnumerable<InputTensor> inputs)
    {
        InputTensor[] all = [.. inputs];
        InputTensor[] images = [.. all.Where(IsImage)];
        if (images.Length == 0)
            throw Wrong(
                augmentations,
                "it needs an input of images [N,C,H,W] with 1, 3 or 4 channels and sides of 8 pixels or more, and the model takes "
                    + string.Join(", ", all.Select(Describe))
            );
        var side = images.Min(image => Math.Min(image.Type.Shape[2], image.Type.Shape[3]));
        if (augmentations.Shift >= side || augmentations.Crop >= side)
            throw Wrong(augmentations, $"shift and crop must be less than the sides of the images, which are {side} pixels");
        if (augmentations.Noise > 0 && images.All(image => image.Type.Type != DataType.Float))
            throw Wrong(augmentations, $"noise needs images of float32, and the model takes {string.Join(", ", images.Select(Describe))}");
    }

    /// <summary>Changes the image of a row in place. Rows that are not images do not change.</summary>
    /// <param name="input">The input, with the shape of a row.</param>
    /// <param name="row">The values of the row.</param>
    /// <param name="draw">The row and its epoch.</param>
    /// <param name="position">The position of the input among those of the model.</param>
    public void Apply(InputTensor input, Span<byte> row, RowDraw draw, int position)
    {
        if (!IsImage(input))
            return;
        Move(input.Type, row, draw);
        if (augmentations.Noise > 0 && input.Type.Type == DataType.Float)
            AddNoise(MemoryMarshal.Cast<byte, float>(row), new SplitMix64(DerivedSeed.Of(seed, draw.Epoch, draw.Row, position)));
    }

    private void Move(InferredTensor type, Span<byte> row, RowDraw draw)
    {
        var random = new SplitMix64(DerivedSeed.Of(seed, draw.Epoch, draw.Row));
        var isFlipped = augmentations.Flip && random.Below(2) == 1;
        var (down, right) = (Offset(random, augmentations.Shift), Offset(random, augmentations.Shift));
        // A random crop pads the image by n pixels on each side and takes a window of the original size. This is the same as moving the image by up to n
        // pixels.
        down += Offset(random, augmentations.Crop);
        right += Offset(random, augmentations.Crop);
        if (isFlipped || down != 0 || right != 0)
            ImageMove.Apply(row, SampleArray.ElementSize(type.Type), (int)type.Shape[2], (int)type.Shape[3], isFlipped, down, right);
    }

    private static int Offset(SplitMix64 random, int most) => most == 0 ? 0 : (int)random.Below(2L * most + 1) - most;

    private void AddNoise(Span<float> values, SplitMix64 random)
    {
        var (mean, square) = (0.0, 0.0);
        foreach (var value in values)
            mean += value;
        mean /= values.Length;
        foreach (var value in values)
            square += (value - mean) * (value - mean);
        var scale = augmentations.Noise * Math.Sqrt(square / values.Length);
        foreach (ref var value in values)
            value += (float)(scale * random.NextNormal());
    }

    private static string Describe(InputTensor input) => $"'{input.Name}' {OptionValue.Format(input.Type.Type)}[{string.Join(',', input.Type.Shape)}]";

    private static CompressionException Wrong(Augmentations augmentations, string why) =>
        new(Codes.UnknownOption, $"Training cannot take augment={augmentations}: {why}.");
}
