using System.Numerics.Tensors;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>
/// The exponential moving average of parameters: a ← β·a + (1−β)·w after each step, and a/(1−βᵗ) is the average after t steps (Polyak and Juditsky,
/// "Acceleration of stochastic approximation by averaging", 1992; the correction of the bias is Adam's).
/// </summary>
/// <param name="decay">The share β of the average that remains, from 0 to less than 1.</param>
internal sealed class MovingAverage(double decay)
{
    private readonly float _decay = (float)decay;
    private readonly ParameterState _state = new("average", "updates");
    private readonly Dictionary<Parameter, float[]> _trained = [];
    private bool _isIn;

    /// <summary>The averages of all parameters as named arrays, for checkpoints. The arrays change with the next update.</summary>
    public IReadOnlyDictionary<string, float[]> State => _state.All;

    /// <summary>Adds the values of the parameters to their averages.</summary>
    /// <exception cref="InvalidOperationException">The parameters hold their averages.</exception>
    public void Update(IReadOnlyList<Parameter> parameters)
    {
        if (_isIn)
            throw new InvalidOperationException("The parameters hold their averages, which cannot be averaged.");
        for (var i = 0; i < parameters.Count; i++)
        {
            var average = _state.Of(0, parameters[i]);
            TensorPrimitives.Multiply(average, _decay, average);
            TensorPrimitives.MultiplyAdd(parameters[i].Values, 1 - _decay, average, average);
            _state.Count(1, parameters[i]);
        }
    }

    /// <summary>
    /// Replaces the values of the parameters by their averages, and keeps the trained values. A parameter without an update keeps its values.
    /// </summary>
    /// <exception cref="InvalidOperationException">The parameters already hold their averages.</exception>
    public void SwapIn(IReadOnlyList<Parameter> parameters)
    {
        if (_isIn)
            throw new InvalidOperationException("The parameters already hold their averages.");
        _isIn = true;
        for (var i = 0; i < parameters.Count; i++)
        {
            var (parameter, updates) = (parameters[i], _state.Counted(1, parameters[i]));
            if (updates == 0)
                continue;
            if (!_trained.TryGetValue(parameter, out var trained))
                _trained[parameter] = trained = new float[parameter.Values.Length];
            parameter.Values.CopyTo(trained, 0);
            var correction = 1 / (1 - Math.Pow(_decay, updates));
            TensorPrimitives.Multiply(_state.Of(0, parameter), (float)correction, parameter.Values);
        }
    }

    /// <summary>Restores the trained values of the parameters, with the same bits.</summary>
    /// <exception cref="InvalidOperationException">The parameters do not hold their averages.</exception>
    public void SwapOut(IReadOnlyList<Parameter> parameters)
    {
        if (!_isIn)
            throw new InvalidOperationException("The parameters do not hold their averages.");
        _isIn = false;
        for (var i = 0; i < parameters.Count; i++)
            if (_state.Counted(1, parameters[i]) > 0)
                _trained[parameters[i]].CopyTo(parameters[i].Values, 0);
    }

    /// <summary>Replaces the averages by a copy of saved ones.</summary>
    /// <exception cref="InvalidDataException">The state is that of something else.</exception>
    public void Restore(IReadOnlyDictionary<string, float[]> state) => _state.Restore(state);
}
