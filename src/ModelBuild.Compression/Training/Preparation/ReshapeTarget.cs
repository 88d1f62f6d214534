namespace ModelBuild.Compression.Training.Preparation;

/// <summary>The constant target of a <c>Reshape</c>, rewritten so that the dimension of the batch grows.</summary>
internal static class ReshapeTarget
{
    /// <summary>Returns the target for batches of any size; null if there is none.</summary>
    /// <param name="input">The sizes of the input for one row.</param>
    /// <param name="axis">The dimension of the input that grows with the batch.</param>
    /// <param name="target">The target for one row. −1 stands for the remaining elements, and 0 for the size of the input.</param>
    /// <param name="isOpen">Whether the model has other dynamic dimensions, so that sizes must not become constant.</param>
    public static long[]? ForBatches(long[] input, int axis, long[] target, bool isOpen)
    {
        if (Resolve(input, target) is not { } sizes || Find(input, axis, target, sizes) is not { } grown)
            return null;
        if (target[grown] == -1 || (target[grown] == 0 && grown == axis))
            return target;
        // A 0 in the target that copies the size of the batch axis is replaced by the size of this axis for one row.
        long[] result = [.. target.Select((size, i) => size == 0 && i == axis ? sizes[i] : size)];
        if (grown == axis && sizes[grown] == input[axis])
        {
            result[grown] = 0;
            return result;
        }

        if (Array.IndexOf(result, -1) is var rest and >= 0)
        {
            if (isOpen)
                return null;
            result[rest] = sizes[rest];
        }

        result[grown] = -1;
        return result;
    }

    private static long[]? Resolve(long[] input, long[] target)
    {
        if (target.Index().Any(size => size.Item == 0 && size.Index >= input.Length))
            return null;
        long[] sizes = [.. target.Select((size, i) => size == 0 ? input[i] : size)];
        var rest = Array.IndexOf(sizes, -1);
        if (rest < 0)
            return sizes;
        var known = sizes.Where(size => size >= 0).Aggregate(1L, (a, b) => a * b);
        if (known == 0)
            return null;
        sizes[rest] = input.Aggregate(1L, (a, b) => a * b) / known;
        return sizes;
    }

    // Returns the dimension of the target that can grow with the rows. The rows are a factor of the growing dimension of the input, which may also count
    // something else, such as attention heads. A dimension of the target can grow if it begins where that dimension begins, or ends there. A dimension of size
    // 1 within that range is the best choice, because it counts the rows alone.
    private static int? Find(long[] input, int axis, long[] target, long[] sizes)
    {
        var outer = input.Take(axis).Aggregate(1L, (a, b) => a * b);
        var (alone, begins, ends) = (new List<int>(), new List<int>(), new List<int>());
        var before = 1L;
        for (var i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] == 1 && before >= outer && before <= outer * input[axis])
                alone.Add(i);
            if (before == outer)
                begins.Add(i);
            before *= sizes[i];
            if (before == outer)
                ends.Add(i);
        }

        int[] same = [.. begins.Where(i => i == axis && (sizes[i] == input[axis] || sizes.Length == input.Length))];
        int[] rest = [.. begins.Concat(ends).Where(i => target[i] == -1)];
        int[] candidates = [.. alone.Where(i => i == axis), .. alone, .. same, .. rest, .. ends, .. begins];
        return candidates.Length > 0 ? candidates[0] : null;
    }
}
