using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>A positive number of a loss, such as a temperature. If training learns it, the training graph reads its logarithm at each step.</summary>
internal sealed class LossSetting
{
    private readonly float _value;

    private LossSetting(float value, Parameter? logarithm) => (_value, Logarithm) = (value, logarithm);

    /// <summary>The natural logarithm of the number, which training changes; null if the number is constant.</summary>
    public Parameter? Logarithm { get; }

    /// <summary>The present value of the number.</summary>
    public float Value => Logarithm is null ? _value : MathF.Exp(Logarithm.Values[0]);

    /// <summary>Creates a setting with a constant number.</summary>
    public static LossSetting Constant(double value) => new((float)value, logarithm: null);

    /// <summary>Creates a setting whose number training learns.</summary>
    /// <param name="name">The name, which no other setting of the loss has.</param>
    /// <param name="value">The first value.</param>
    public static LossSetting Learned(string name, double value) => new(value: 0, new Parameter(name, [], [(float)Math.Log(value)]));
}
