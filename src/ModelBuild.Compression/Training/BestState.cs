using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Runs;

namespace ModelBuild.Compression.Training;

/// <summary>The values of parameters with the least loss on held-out rows so far. Without held-out rows, the last values are kept.</summary>
/// <param name="parameters">The parameters. Their current values are kept until others are better.</param>
internal sealed class BestState(IReadOnlyList<Parameter> parameters)
{
    private readonly float[][] _values = [.. parameters.Select(parameter => parameter.Values.ToArray())];

    /// <summary>The loss of the kept values on held-out rows.</summary>
    public HeldOutLoss HeldOut { get; private set; } = new(Loss: null, new Dictionary<string, double>(StringComparer.Ordinal));

    /// <summary>The number of steps after which the kept values were reached.</summary>
    public int Step { get; private set; }

    /// <summary>The kept values, by the name of the parameter. The arrays change with the next state that is kept.</summary>
    public IReadOnlyDictionary<string, float[]> Values =>
        parameters.Index().ToDictionary(one => one.Item.Name, one => _values[one.Index], StringComparer.Ordinal);

    /// <summary>Keeps the current values if their loss is less than that of the kept ones, or if nothing is held out.</summary>
    public void Offer(int step, HeldOutLoss heldOut)
    {
        if (heldOut.Loss is { } loss && HeldOut.Loss is { } least && (!double.IsFinite(loss) || loss >= least))
            return;
        (Step, HeldOut) = (step, heldOut);
        for (var i = 0; i < parameters.Count; i++)
            parameters[i].Values.CopyTo(_values[i], 0);
    }

    /// <summary>Replaces the kept values by those of a checkpoint.</summary>
    public void Replace(int step, HeldOutLoss heldOut, IReadOnlyDictionary<string, float[]> values)
    {
        (Step, HeldOut) = (step, heldOut);
        for (var i = 0; i < parameters.Count; i++)
            values[parameters[i].Name].CopyTo(_values[i], 0);
    }

    /// <summary>Replaces the current values of the parameters by the kept ones.</summary>
    public void Restore()
    {
        for (var i = 0; i < parameters.Count; i++)
            _values[i].CopyTo(parameters[i].Values, 0);
    }
}
