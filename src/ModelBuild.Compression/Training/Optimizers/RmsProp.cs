using System.Numerics;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>
/// The optimizer RMSProp (Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5, 2012): v ← ρ·v + (1−ρ)·g², and w ← w − rate·g/(√v + ε).
/// Weight decay λ adds λ·w to the gradient g of parameters that decay.
/// </summary>
internal sealed class RmsProp : IOptimizer
{
    private readonly ParameterState _state = new("square");

    /// <summary>The share ρ of the mean square v that remains.</summary>
    public float Rho { get; init; } = 0.9f;

    /// <summary>The number ε that limits the step where gradients are tiny.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The weight decay λ.</summary>
    public float Decay { get; init; }

    public IReadOnlyDictionary<string, float[]> State => _state.All;

    public void Step(IReadOnlyList<Parameter> parameters, float rate)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            var update = new Update(rate, Rho, Epsilon, parameter.IsDecayed ? Decay : 0);
            Updates.Apply(update, parameter.Values, parameter.Gradient, _state.Of(0, parameter), []);
        }
    }

    public void Restore(IReadOnlyDictionary<string, float[]> state) => _state.Restore(state);

    private readonly struct Update(float rate, float rho, float epsilon, float decay) : IUpdate
    {
        public void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            var slope = gradient + value * decay;
            first = first * rho + slope * slope * (1 - rho);
            value -= slope * rate / (Vector.SquareRoot(first) + new Vector<float>(epsilon));
        }
    }
}
