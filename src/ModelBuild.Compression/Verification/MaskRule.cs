using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Verification;

/// <summary>Which positions of a sequence count: an input such as <c>attention_mask</c> has 0 where a position was only filled up.</summary>
internal static class MaskRule
{
    /// <summary>The input that is the mask of an output's first two axes; null where there is none.</summary>
    public static string? Find(ModelSignature signature, ValueSignature? output)
    {
        var mask = signature.Inputs.FirstOrDefault(input => MaskInput.IsMask(input.Name, input.Shape?.Count));
        if (mask is null || output?.Shape is { Count: < 2 })
            return null;
        // An axis of a fixed size, such as that of attention heads, is no open number of positions.
        return output?.Shape is { } shape && shape[1].Size is not null && mask.Shape![1].Size is null ? null : mask.Name;
    }

    /// <summary>Which positions of an output count in one call; null where all do, or where the mask does not fit the output.</summary>
    public static bool[]? Kept(ComparedPart part, Sample sample, OutputValues values)
    {
        if (part.Mask is not { } name || !sample.Inputs.TryGetValue(name, out var mask))
            return null;
        if (values.Shape.Length < 2 || !mask.Shape.SequenceEqual(values.Shape.Take(2)))
            return null;
        var size = SampleArray.ElementSize(mask.Type);
        // Whatever the type is, zero is zero in all its bytes.
        return size == 0 ? null : [.. mask.Data.Chunk(size).Select(element => MaskInput.IsReal(name, element.Any(part => part != 0)))];
    }
}
