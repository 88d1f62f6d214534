using System.Numerics.Tensors;

namespace ModelBuild.Runtime.Generation;

/// <summary>Holds the tokens that can be drawn as the next token, with their weights. The memory is reused for each token of a text.</summary>
internal sealed class TokenCandidates
{
    // The number of weights whose maximum is compared first. Most blocks of a vocabulary have no candidate, which one vectorized maximum shows.
    private const int Block = 256;

    private int[] _tokens = [];
    private float[] _weights = [];

    public int Count { get; private set; }

    private Span<float> Weights => _weights.AsSpan(0, Count);

    /// <summary>Sets the candidates to the tokens with the largest weights. Of tokens with equal weights those with lower numbers come first.</summary>
    public void TakeLargest(ReadOnlySpan<float> weights, int count)
    {
        Clear(count);
        for (var start = 0; start < weights.Length; start += Block)
        {
            var block = weights.Slice(start, Math.Min(Block, weights.Length - start));
            if (Count == count && TensorPrimitives.Max(block) <= _weights[0])
                continue;
            for (var i = 0; i < block.Length; i++)
                if (Count < count)
                    Push(start + i, block[i]);
                else if (block[i] > _weights[0])
                    ReplaceSmallest(start + i, block[i]);
        }
    }

    /// <summary>Sets the candidates to the tokens whose weight is more than a limit.</summary>
    public void TakeAbove(ReadOnlySpan<float> weights, float limit)
    {
        Clear(weights.Length);
        for (var start = 0; start < weights.Length; start += Block)
        {
            var block = weights.Slice(start, Math.Min(Block, weights.Length - start));
            if (TensorPrimitives.Max(block) <= limit)
                continue;
            for (var i = 0; i < block.Length; i++)
                if (block[i] > limit)
                    (_tokens[Count], _weights[Count++]) = (start + i, block[i]);
        }
    }

    /// <summary>Keeps the fewest candidates whose sum of weights is at least <paramref name="sum"/>, those with the largest weights first.</summary>
    public void KeepSum(double sum)
    {
        // The weights are negated to sort them in descending order, because a comparer would allocate memory.
        TensorPrimitives.Negate(Weights, Weights);
        Weights.Sort(_tokens.AsSpan(0, Count));
        TensorPrimitives.Negate(Weights, Weights);
        var kept = 0;
        for (var total = 0.0; kept < Count && total < sum; kept++)
            total += _weights[kept];
        Count = Math.Max(1, kept);
    }

    /// <summary>Returns the sum of the candidates' weights.</summary>
    public double Sum()
    {
        var sum = 0.0;
        foreach (var weight in Weights)
            sum += weight;
        return sum;
    }

    /// <summary>Returns the token at a position of a line on which each candidate has a section as long as its weight.</summary>
    /// <param name="place">The position, from 0 to below the sum of the weights.</param>
    public int At(double place)
    {
        var last = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_weights[i] == 0)
                continue;
            last = i;
            if ((place -= _weights[i]) < 0)
                break;
        }

        return _tokens[last];
    }

    private void Clear(int capacity)
    {
        Count = 0;
        if (_tokens.Length < capacity)
            (_tokens, _weights) = (new int[capacity], new float[capacity]);
    }

    // Adds a candidate. The candidates form a binary heap with the smallest weight at the root. If weights are equal, the token with the higher id counts as
    // smaller.
    private void Push(int token, float weight)
    {
        var place = Count++;
        while (place > 0 && IsSmaller(token, weight, (place - 1) / 2))
        {
            Copy((place - 1) / 2, place);
            place = (place - 1) / 2;
        }

        (_tokens[place], _weights[place]) = (token, weight);
    }

    private void ReplaceSmallest(int token, float weight)
    {
        var place = 0;
        while ((2 * place) + 1 is var child && child < Count)
        {
            if (child + 1 < Count && IsSmaller(_tokens[child + 1], _weights[child + 1], child))
                child++;
            if (IsSmaller(token, weight, child))
                break;
            Copy(child, place);
            place = child;
        }

        (_tokens[place], _weights[place]) = (token, weight);
    }

    private bool IsSmaller(int token, float weight, int other) => weight < _weights[other] || (weight == _weights[other] && token > _tokens[other]);

    private void Copy(int from, int to) => (_tokens[to], _weights[to]) = (_tokens[from], _weights[from]);
}
