using System.Numerics;

namespace ModelBuild.Runtime.Sounds;

/// <summary>
/// Computes one stage of a Fourier transform of several signals at once, one in each element of the vectors. The stages are those of Stockham: each one reads
/// one array and writes another one, and the result is in order. W. T. Cochran et al., "What is the fast Fourier transform?", Proc. IEEE 55 (1967).
/// </summary>
internal sealed class FourierStage
{
    private readonly int _radix;
    private readonly int _groups;
    private readonly int _stride;

    // The twiddle factors of results 1 to radix − 1 of each group.
    private readonly float[] _cosines;
    private readonly float[] _sines;

    // The cosines and sines of rows 1 to radix / 2 of the DFT matrix, for an odd radix.
    private readonly float[] _rowCosines;
    private readonly float[] _rowSines;

    /// <summary>Initializes a new instance of the <see cref="FourierStage"/> class.</summary>
    /// <param name="radix">The number of parts that the stage combines: 2, 4, or an odd number.</param>
    /// <param name="length">The length of the transforms that the stages before have left.</param>
    /// <param name="stride">The number of transforms of this length.</param>
    public FourierStage(int radix, int length, int stride)
    {
        (_radix, _groups, _stride) = (radix, length / radix, stride);
        _cosines = new float[_groups * (radix - 1)];
        _sines = new float[_cosines.Length];
        for (var group = 0; group < _groups; group++)
        for (var k = 1; k < radix; k++)
            (_sines[(group * (radix - 1)) + k - 1], _cosines[(group * (radix - 1)) + k - 1]) = Root((long)group * k, length);
        var pairs = radix / 2;
        _rowCosines = new float[radix % 2 == 0 ? 0 : pairs * pairs];
        _rowSines = new float[_rowCosines.Length];
        for (var i = 0; i < _rowCosines.Length; i++)
            (_rowSines[i], _rowCosines[i]) = Root(((long)(i / pairs) + 1) * ((i % pairs) + 1), radix);
    }

    /// <summary>Gets the number of vectors of scratch memory that <see cref="Run"/> needs.</summary>
    public int Scratch => _radix % 2 == 0 ? 0 : 2 * (_radix - 1);

    /// <summary>Computes the stage, which reads one array of vectors and writes another one.</summary>
    public void Run(in ComplexVectors from, in ComplexVectors to, Span<Vector<float>> scratch)
    {
        for (var group = 0; group < _groups; group++)
            if (_radix == 4)
                RunFour(from, to, group);
            else if (_radix == 2)
                RunTwo(from, to, group);
            else
                RunOdd(from, to, group, scratch);
    }

    private void RunTwo(in ComplexVectors from, in ComplexVectors to, int group)
    {
        for (var i = 0; i < _stride; i++)
        {
            var (first, second) = (i + (_stride * group), i + (_stride * (group + _groups)));
            Write(to, group, i, 0, from.Real[first] + from.Real[second], from.Imaginary[first] + from.Imaginary[second]);
            Write(to, group, i, 1, from.Real[first] - from.Real[second], from.Imaginary[first] - from.Imaginary[second]);
        }
    }

    private void RunFour(in ComplexVectors from, in ComplexVectors to, int group)
    {
        var part = _stride * _groups;
        for (var i = 0; i < _stride; i++)
        {
            var place = i + (_stride * group);
            var (real0, imaginary0) = (from.Real[place], from.Imaginary[place]);
            var (real1, imaginary1) = (from.Real[place + part], from.Imaginary[place + part]);
            var (real2, imaginary2) = (from.Real[place + (2 * part)], from.Imaginary[place + (2 * part)]);
            var (real3, imaginary3) = (from.Real[place + (3 * part)], from.Imaginary[place + (3 * part)]);
            var (evenReal, evenImaginary) = (real0 + real2, imaginary0 + imaginary2);
            var (oddReal, oddImaginary) = (real1 + real3, imaginary1 + imaginary3);
            var (differenceReal, differenceImaginary) = (real0 - real2, imaginary0 - imaginary2);
            // The second odd term is the difference a1 − a3 multiplied by −i.
            var (turnedReal, turnedImaginary) = (imaginary1 - imaginary3, real3 - real1);
            Write(to, group, i, 0, evenReal + oddReal, evenImaginary + oddImaginary);
            Write(to, group, i, 1, differenceReal + turnedReal, differenceImaginary + turnedImaginary);
            Write(to, group, i, 2, evenReal - oddReal, evenImaginary - oddImaginary);
            Write(to, group, i, 3, differenceReal - turnedReal, differenceImaginary - turnedImaginary);
        }
    }

    // Computes a stage of an odd radix. The factors of the parts j and radix − j are conjugate, so that the sum and the difference of these parts are
    // multiplied once.
    private void RunOdd(in ComplexVectors from, in ComplexVectors to, int group, Span<Vector<float>> scratch)
    {
        var pairs = _radix / 2;
        Span<Vector<float>> sumReal = scratch[..pairs],
            sumImaginary = scratch.Slice(pairs, pairs),
            differenceReal = scratch.Slice(2 * pairs, pairs),
            differenceImaginary = scratch.Slice(3 * pairs, pairs);
        for (var i = 0; i < _stride; i++)
        {
            var place = i + (_stride * group);
            var (firstReal, firstImaginary) = (from.Real[place], from.Imaginary[place]);
            var (allReal, allImaginary) = (firstReal, firstImaginary);
            for (var j = 0; j < pairs; j++)
            {
                var (lower, upper) = (place + (_stride * _groups * (j + 1)), place + (_stride * _groups * (_radix - 1 - j)));
                sumReal[j] = from.Real[lower] + from.Real[upper];
                sumImaginary[j] = from.Imaginary[lower] + from.Imaginary[upper];
                differenceReal[j] = from.Real[lower] - from.Real[upper];
                differenceImaginary[j] = from.Imaginary[lower] - from.Imaginary[upper];
                allReal += sumReal[j];
                allImaginary += sumImaginary[j];
            }

            Write(to, group, i, 0, allReal, allImaginary);
            for (var k = 0; k < pairs; k++)
            {
                var (evenReal, evenImaginary) = (firstReal, firstImaginary);
                var (oddReal, oddImaginary) = (Vector<float>.Zero, Vector<float>.Zero);
                for (var j = 0; j < pairs; j++)
                {
                    var (cosine, sine) = (_rowCosines[(k * pairs) + j], _rowSines[(k * pairs) + j]);
                    evenReal += sumReal[j] * cosine;
                    evenImaginary += sumImaginary[j] * cosine;
                    oddReal -= differenceImaginary[j] * sine;
                    oddImaginary += differenceReal[j] * sine;
                }

                Write(to, group, i, k + 1, evenReal + oddReal, evenImaginary + oddImaginary);
                Write(to, group, i, _radix - 1 - k, evenReal - oddReal, evenImaginary - oddImaginary);
            }
        }
    }

    private void Write(in ComplexVectors to, int group, int i, int k, Vector<float> real, Vector<float> imaginary)
    {
        var place = i + (_stride * ((_radix * group) + k));
        if (k == 0)
        {
            to.Real[place] = real;
            to.Imaginary[place] = imaginary;
            return;
        }

        var factor = (group * (_radix - 1)) + k - 1;
        to.Real[place] = (real * _cosines[factor]) - (imaginary * _sines[factor]);
        to.Imaginary[place] = (real * _sines[factor]) + (imaginary * _cosines[factor]);
    }

    // Returns e^(−2πi · index / length). The index is reduced modulo the length, so that large indices do not make the angle less exact.
    private static (float Sine, float Cosine) Root(long index, int length)
    {
        var (sine, cosine) = Math.SinCos(-2 * Math.PI * (index % length) / length);
        return ((float)sine, (float)cosine);
    }
}
