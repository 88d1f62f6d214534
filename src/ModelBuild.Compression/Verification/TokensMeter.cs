namespace ModelBuild.Compression.Verification;

/// <summary>
/// Compares scores of time steps by the texts that connectionist temporal classification decodes from them (Graves et al. 2006): the class with the highest
/// score of each step, without repeats and blanks. The figure is the edit distance of the two texts. The blank is the first or the last class, whichever is
/// more frequent.
/// </summary>
/// <param name="timeAxis">The axis of time steps, 0 or 1. Classes are on the last axis, and the remaining axis counts samples.</param>
internal sealed class TokensMeter(int timeAxis) : IMeter
{
    private readonly DecodedTexts _first = new();
    private readonly DecodedTexts _last = new();

    public void Add(Compared call)
    {
        var shape = call.Before.Shape;
        if (shape.Length != 3 || shape[2] == 0)
            return;
        for (var sample = 0; sample < shape[1 - timeAxis]; sample++)
        {
            var (before, after) = (Winners(call, call.Before.Numbers, sample), Winners(call, call.After.Numbers, sample));
            _first.Add(before, after, 0);
            _last.Add(before, after, (int)shape[2] - 1);
        }
    }

    public OutputFidelity Describe(OutputFidelity fidelity) => fidelity with { Top1Agreement = (_last.Blanks > _first.Blanks ? _last : _first).Agreement };

    private List<int> Winners(Compared call, double[] scores, int sample)
    {
        var (steps, samples, classes) = ((int)call.Before.Shape[timeAxis], (int)call.Before.Shape[1 - timeAxis], (int)call.Before.Shape[2]);
        var winners = new List<int>();
        for (var step = 0; step < steps; step++)
        {
            var row = timeAxis == 1 ? (sample * steps) + step : (step * samples) + sample;
            if (call.Kept is null || timeAxis == 0 || call.Kept[row])
                winners.Add(Winner.Of(scores.AsSpan(row * classes, classes)));
        }

        return winners;
    }
}
