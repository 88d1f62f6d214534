using System.Numerics;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>
/// Stochastic gradient descent with momentum: v ← μ·v + g, and w ← w − rate·v. With Nesterov's momentum w ← w − rate·(g + μ·v) (Sutskever, Martens, Dahl and
/// Hinton, "On the importance of initialization and momentum in deep learning", 2013, in the form in which the rate is outside v). Weight decay λ adds λ·w to
/// the gradient g of parameters that decay.
/// </summary>
internal sealed class Sgd : IOptimizer
{
    private readonly ParameterState _state = new("velocity");

    /// <summary>The share μ of the previous velocity v that remains, from 0 to less than 1.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Whether the step looks ahead by the momentum.</summary>
    public bool IsNesterov { get; init; } = true;

    /// <summary>The weight decay λ.</summary>
    public float Decay { get; init; }

    public IReadOnlyDictionary<string, float[]> State => _state.All;

    public void Step(IReadOnlyList<Parameter> parameters, float rate)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            var update = new Update(rate, Momentum, IsNesterov, parameter.IsDecayed ? Decay : 0);
            Updates.Apply(update, parameter.Values, parameter.Gradient, _state.Of(0, parameter), []);
        }
    }

    public void Restore(IReadOnlyDictionary<string, float[]> state) => _state.Restore(state);

    private readonly struct Update(float rate, float momentum, bool isNesterov, float decay) : IUpdate
    {
        public void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            var slope = gradient + value * decay;
            first = first * momentum + slope;
            value -= (isNesterov ? slope + first * momentum : first) * rate;
        }
    }
}
