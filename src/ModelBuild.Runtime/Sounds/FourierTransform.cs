using System.Numerics;

namespace ModelBuild.Runtime.Sounds;

/// <summary>
/// Computes the discrete Fourier transform of several real signals of the same even length. Two neighbouring samples form one complex number, so that a complex
/// transform of half of the length is computed. It has one stage for each factor of that length (mixed-radix algorithm).
/// </summary>
internal sealed class FourierTransform
{
    private readonly int _half;
    private readonly FourierStage[] _stages;
    private readonly int _scratch;
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <summary>Initializes a new instance of the <see cref="FourierTransform"/> class for signals of one length.</summary>
    /// <param name="length">The number of samples of a signal, which is even.</param>
    public FourierTransform(int length)
    {
        _half = length / 2;
        var stages = new List<FourierStage>();
        for (int left = _half, stride = 1; left > 1; )
        {
            var radix = Radix(left);
            stages.Add(new FourierStage(radix, left, stride));
            (left, stride) = (left / radix, stride * radix);
        }

        _stages = [.. stages];
        _scratch = stages.Select(stage => stage.Scratch).DefaultIfEmpty().Max();
        _cosines = new float[_half + 1];
        _sines = new float[_half + 1];
        for (var i = 0; i <= _half; i++)
        {
            var (sine, cosine) = Math.SinCos(-2 * Math.PI * i / length);
            (_sines[i], _cosines[i]) = ((float)sine, (float)cosine);
        }
    }

    /// <summary>Gets the number of vectors of memory that <see cref="Power"/> needs. The first vectors are those of the samples.</summary>
    public int Memory => (4 * _half) + _scratch;

    /// <summary>Gets the number of elements of a spectrum.</summary>
    public int Bins => _half + 1;

    /// <summary>
    /// Computes the power spectra of signals. The sample 2i of each signal is in vector i of the memory, and the sample 2i + 1 in vector i + length / 2.
    /// </summary>
    /// <param name="memory">The memory, whose first vectors are the samples. They are overwritten.</param>
    /// <param name="power">The squares of the absolute values, <see cref="Bins"/> of each signal.</param>
    public void Power(Span<Vector<float>> memory, Span<Vector<float>> power)
    {
        var from = new ComplexVectors(memory[.._half], memory.Slice(_half, _half));
        var to = new ComplexVectors(memory.Slice(2 * _half, _half), memory.Slice(3 * _half, _half));
        var scratch = memory.Slice(4 * _half, _scratch);
        foreach (var stage in _stages)
        {
            stage.Run(from, to, scratch);
            var other = from;
            from = to;
            to = other;
        }

        for (var i = 0; i <= _half; i++)
            power[i] = PowerAt(from, i);
    }

    // Returns the power of one frequency. The transform of the even samples is (Z[i] + Z*[−i]) / 2, and that of the odd ones (Z[i] − Z*[−i]) / 2i.
    private Vector<float> PowerAt(in ComplexVectors values, int i)
    {
        var (place, mirror) = (i == _half ? 0 : i, i == 0 || i == _half ? 0 : _half - i);
        var (evenReal, evenImaginary) = (values.Real[place] + values.Real[mirror], values.Imaginary[place] - values.Imaginary[mirror]);
        var (oddReal, oddImaginary) = (values.Imaginary[place] + values.Imaginary[mirror], values.Real[mirror] - values.Real[place]);
        var real = evenReal + (oddReal * _cosines[i]) - (oddImaginary * _sines[i]);
        var imaginary = evenImaginary + (oddImaginary * _cosines[i]) + (oddReal * _sines[i]);
        return ((real * real) + (imaginary * imaginary)) * 0.25f;
    }

    private static int Radix(int length)
    {
        if (length % 4 == 0)
            return 4;
        if (length % 2 == 0)
            return 2;
        for (var factor = 3; factor * factor <= length; factor += 2)
            if (length % factor == 0)
                return factor;
        return length;
    }
}
