using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Training;

/// <summary>The values of parameters that have had the least loss on held-out rows.</summary>
internal sealed class BestState
{
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly float[][] _values;

    /// <summary>Keeps the current values.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="loss">Their loss.</param>
    public BestState(IReadOnlyList<Parameter> parameters, double loss)
    {
        (_parameters, Loss) = (parameters, loss);
        _values = [.. parameters.Select(parameter => parameter.Values.ToArray())];
    }

    /// <summary>The loss of the kept values.</summary>
    public double Loss { get; private set; }

    /// <summary>Keeps the current values if their loss is less than that of the kept ones.</summary>
    public void Offer(double loss)
    {
        if (!(loss < Loss))
            return;
        Loss = loss;
        for (var i = 0; i < _parameters.Count; i++)
            _parameters[i].Values.CopyTo(_values[i], 0);
    }

    /// <summary>Puts the kept values back.</summary>
    public void Restore()
    {
        for (var i = 0; i < _parameters.Count; i++)
            _values[i].CopyTo(_parameters[i].Values, 0);
    }
}
