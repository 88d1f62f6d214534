using System.Numerics;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Optimizers;

/// <summary>
/// The optimizer Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015): m ← β₁·m + (1−β₁)·g, v ← β₂·v + (1−β₂)·g², and w ← w − rate·m̂/(√v̂
/// + ε), where m̂ = m/(1−β₁ᵗ) and v̂ = v/(1−β₂ᵗ) correct the bias of the zeros that m and v start at. Weight decay λ adds λ·w to the gradient g. If it is
/// decoupled, w ← w − rate·λ·w comes first instead (AdamW: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
/// </summary>
internal sealed class Adam : IOptimizer
{
    private readonly ParameterState _state = new("mean", "square", "steps");

    /// <summary>The share β₁ of the mean gradient m that remains.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>The share β₂ of the mean square v that remains.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>The number ε that limits the step where gradients are tiny.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The weight decay λ.</summary>
    public float Decay { get; init; }

    /// <summary>Whether weight decay is apart from the gradient.</summary>
    public bool IsDecoupled { get; init; }

    public IReadOnlyDictionary<string, float[]> State => _state.All;

    public void Step(IReadOnlyList<Parameter> parameters, float rate)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            var decay = parameter.IsDecayed ? Decay : 0;
            double steps = _state.Count(2, parameter);
            var update = new Update
            {
                Beta1 = Beta1,
                Beta2 = Beta2,
                Epsilon = Epsilon,
                Decay = IsDecoupled ? 0 : decay,
                Kept = IsDecoupled ? 1 - rate * decay : 1,
                Rate = (float)(rate / (1 - Math.Pow(Beta1, steps))),
                RootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(Beta2, steps))),
            };
            Updates.Apply(update, parameter.Values, parameter.Gradient, _state.Of(0, parameter), _state.Of(1, parameter));
        }
    }

    public void Restore(IReadOnlyDictionary<string, float[]> state) => _state.Restore(state);

    private readonly struct Update : IUpdate
    {
        public required float Beta1 { get; init; }
        public required float Beta2 { get; init; }
        public required float Epsilon { get; init; }
        public required float Decay { get; init; }
        public required float Kept { get; init; }
        public required float Rate { get; init; }
        public required float RootScale { get; init; }

        public void Apply(ref Vector<float> value, Vector<float> gradient, ref Vector<float> first, ref Vector<float> second)
        {
            var slope = gradient + value * Decay;
            first = first * Beta1 + slope * (1 - Beta1);
            second = second * Beta2 + slope * slope * (1 - Beta2);
            value = value * Kept - first * Rate / (Vector.SquareRoot(second) * RootScale + new Vector<float>(Epsilon));
        }
    }
}
