using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Settings;

namespace ModelBuild.Compression.Training.Precision;

/// <summary>
/// The factor of the loss in a training in float16. The gradients are divided by it afterwards, so that small gradients do not become zero in between. It is
/// halved when a gradient is not finite, and doubled after many steps without such a gradient (Micikevicius et al., "Mixed precision training", 2018).
/// </summary>
internal sealed class LossScale
{
    private const float First = 65_536;
    private const float Largest = 16_777_216;
    private const int StepsToDouble = 2000;
    private const string Name = "loss scale";

    private int _steps;

    /// <summary>Creates the factor for a precision of the training.</summary>
    /// <param name="precision">The precision. The range of bfloat16 needs no factor.</param>
    public LossScale(TrainingPrecision precision) => Input = new Parameter(Name, [], [precision == TrainingPrecision.Mixed ? First : 1]);

    /// <summary>The factor as an input of the training graph.</summary>
    public Parameter Input { get; }

    /// <summary>The present value of the factor.</summary>
    public float Value => Input.Values[0];

    /// <summary>Halves the factor after a step whose gradients are not finite.</summary>
    /// <returns>Whether the factor was more than 1. Otherwise it is not the reason.</returns>
    public bool TryHalve()
    {
        _steps = 0;
        if (Value <= 1)
            return false;
        Input.Values[0] = Value / 2;
        return true;
    }

    /// <summary>Counts a step whose gradients are finite, and doubles the factor after many of them.</summary>
    public void Advance()
    {
        if (Value <= 1 || ++_steps < StepsToDouble)
            return;
        _steps = 0;
        Input.Values[0] = Math.Min(Value * 2, Largest);
    }

    /// <summary>Returns the factor and its count of steps as named arrays, for checkpoints.</summary>
    public IReadOnlyDictionary<string, float[]> Save() => new Dictionary<string, float[]>(StringComparer.Ordinal) { [Name] = [Value, _steps] };

    /// <summary>Replaces the factor by a saved one.</summary>
    public void Restore(IReadOnlyDictionary<string, float[]> saved)
    {
        Input.Values[0] = saved[Name][0];
        _steps = (int)saved[Name][1];
    }
}
