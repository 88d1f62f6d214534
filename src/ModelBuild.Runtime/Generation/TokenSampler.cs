using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace ModelBuild.Runtime.Generation;

/// <summary>Chooses the tokens of one text from the logits of a decoder. After the first token it allocates no memory.</summary>
internal sealed class TokenSampler(GenerationOptions options)
{
    private readonly TokenCandidates _candidates = new();
    private readonly bool _isGreedy = options.Temperature == 0 || options.TopK == 1;
    private RandomNumbers _random = new(options.Seed);
    private bool[] _isPresent = [];

    /// <summary>Chooses the next token of a text.</summary>
    /// <param name="logits">The logits of all tokens. The method changes them.</param>
    /// <param name="text">The tokens of the text until now.</param>
    /// <exception cref="InvalidOperationException">The logits are not numbers, or all of them are infinite.</exception>
    public int Next(Span<float> logits, List<int> text)
    {
        Penalize(logits, CollectionsMarshal.AsSpan(text));
        var best = TensorPrimitives.IndexOfMax<float>(logits);
        var highest = logits[best];
        if (!float.IsFinite(highest))
            throw new InvalidOperationException($"The highest logit of the model is {highest}, so that no token can be chosen.");
        if (_isGreedy)
            return best;

        // The weights of the tokens are their probabilities without a common factor. The most likely token has the weight 1.
        TensorPrimitives.Subtract(logits, highest, logits);
        TensorPrimitives.Divide(logits, options.Temperature, logits);
        TensorPrimitives.Exp<float>(logits, logits);
        Choose(logits);
        return _candidates.At(_random.Next() * _candidates.Sum());
    }

    private void Choose(ReadOnlySpan<float> weights)
    {
        var isLimited = options.TopK > 0 && options.TopK < weights.Length;
        if (isLimited)
            _candidates.TakeLargest(weights, options.TopK);
        if (options.TopP < 1)
        {
            var sum = isLimited ? _candidates.Sum() : TensorPrimitives.Sum(weights);
            // The tokens whose weights are up to the limit have together less than the share of probability that TopP leaves out.
            if (!isLimited)
                _candidates.TakeAbove(weights, (float)((1 - options.TopP) * sum / (2 * weights.Length)));
            _candidates.KeepSum(options.TopP * sum);
        }
        else if (!isLimited)
        {
            _candidates.TakeAbove(weights, 0);
        }
    }

    // Makes the tokens of the text less likely. A token counts once, however often it occurs in the text.
    private void Penalize(Span<float> logits, ReadOnlySpan<int> text)
    {
        if (options.RepetitionPenalty == 1)
            return;
        if (_isPresent.Length < logits.Length)
            _isPresent = new bool[logits.Length];
        foreach (var token in text)
            if ((uint)token < (uint)logits.Length && !_isPresent[token])
            {
                _isPresent[token] = true;
                logits[token] = logits[token] > 0 ? logits[token] / options.RepetitionPenalty : logits[token] * options.RepetitionPenalty;
            }

        foreach (var token in text)
            if ((uint)token < (uint)logits.Length)
                _isPresent[token] = false;
    }
}
