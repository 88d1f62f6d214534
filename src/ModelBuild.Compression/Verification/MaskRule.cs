using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Verification;

/// <summary>Determines the positions of a sequence that count in a comparison. An input such as <c>attention_mask</c> has 0 at padded positions.</summary>
internal static class MaskRule
{
    /// <summary>Returns the name of the input that masks the first two axes of an output, or null when there is none.</summary>
    public static string? Find(ModelSignature signature, ValueSignature? output)
    {
        var mask = signature.Inputs.FirstOrDefault(input => MaskInput.IsMask(input.Name, input.Shape?.Count));
        if (mask is null || output?.Shape is { Count: < 2 })
            return null;
        // If the mask has a dynamic number of positions and the second axis of the output has a fixed size, that axis does not count positions. It may, for
        // example, count attention heads.
        return output?.Shape is { } shape && shape[1].Size is not null && mask.Shape![1].Size is null ? null : mask.Name;
    }

    /// <summary>Returns whether each position of an output counts in one call, or null when all count or the mask does not fit the output.</summary>
    public static bool[]? Kept(ComparedPart part, Sample sample, OutputValues values)
    {
        if (part.Mask is not { } name || !sample.Inputs.TryGetValue(name, out var mask))
            return null;
        if (values.Shape.Length < 2 || !mask.Shape.SequenceEqual(values.Shape.Take(2)))
            return null;
        var size = SampleArray.ElementSize(mask.Type);
        // An element of the mask is zero if all its bytes are zero, which is true for every element type.
        return size == 0 ? null : [.. mask.Data.Chunk(size).Select(element => MaskInput.IsReal(name, element.Any(part => part != 0)))];
    }
}
