using ModelBuild.Compression.Passes.Quantization.Static;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Quantization.Static;

public sealed class AffineTests
{
    private static readonly IntegerType[] Types = [IntegerType.UInt8, IntegerType.Int8, IntegerType.UInt16, IntegerType.Int16];

    [Theory]
    [InlineData(0f, 2.55f, 0.01f, 0, -128)]
    [InlineData(-2.55f, 0f, 0.01f, 255, 127)]
    [InlineData(-1f, 1.55f, 0.01f, 100, -28)]
    // A range that does not contain 0 is extended to 0.
    [InlineData(1f, 2.55f, 0.01f, 0, -128)]
    [InlineData(-2.55f, -1f, 0.01f, 255, 127)]
    public void The_codes_cover_the_range(float min, float max, float scale, int unsignedZero, int signedZero)
    {
        Assert.Equal(scale, Affine.Cover(IntegerType.UInt8, min, max, isSymmetric: false).Scale, 1e-7);
        Assert.Equal(unsignedZero, Affine.Cover(IntegerType.UInt8, min, max, isSymmetric: false).ZeroPoint);
        Assert.Equal(signedZero, Affine.Cover(IntegerType.Int8, min, max, isSymmetric: false).ZeroPoint);
    }

    [Fact]
    public void A_symmetric_range_has_the_middle_code_for_zero_and_no_code_without_an_opposite()
    {
        var signed = Affine.Cover(IntegerType.Int8, -1.27f, 0.3f, isSymmetric: true);
        Assert.Equal((0.01f, 0), (signed.Scale, signed.ZeroPoint));
        Assert.Equal((-127, 127), (signed.Code(-1.27f), signed.Code(1.27f)));

        var unsigned = Affine.Cover(IntegerType.UInt8, -1.275f, 0.3f, isSymmetric: true);
        Assert.Equal((0.01f, 128), (unsigned.Scale, unsigned.ZeroPoint));

        var wide = Affine.Cover(IntegerType.Int16, -1, 1, isSymmetric: true);
        Assert.Equal((1f / short.MaxValue, 0), (wide.Scale, wide.ZeroPoint));
        Assert.Equal(32768, Affine.Cover(IntegerType.UInt16, -1, 1, isSymmetric: true).ZeroPoint);
    }

    [Fact]
    public void Zero_is_always_a_code_and_every_value_of_the_range_is_near_one()
    {
        var random = new Random(3);
        for (var i = 0; i < 500; i++)
        {
            var (a, b) = ((float)(random.NextDouble() * 20 - 10), (float)(random.NextDouble() * Math.Pow(10, random.Next(-6, 6))));
            var map = Affine.Cover(Types[i % 4], Math.Min(a, b), Math.Max(a, b), isSymmetric: i % 3 == 0);

            Assert.InRange(map.ZeroPoint, map.Type.Min, map.Type.Max);
            Assert.Equal(map.ZeroPoint, map.Code(0));
            // The zero point is rounded, so that the range and the codes may be half a step apart.
            foreach (var value in new[] { a, b, (a + b) / 2 })
                Assert.InRange(Math.Abs(map.Scale * ((double)map.Code(value) - map.ZeroPoint) - value), 0, map.Scale * 1.001);
        }
    }

    [Theory]
    [InlineData(false, 0, 0)]
    [InlineData(true, 128, 0)]
    public void A_range_of_nothing_has_the_scale_one(bool isSymmetric, int unsignedZero, int signedZero)
    {
        Assert.Equal(new Affine(IntegerType.UInt8, 1, unsignedZero), Affine.Cover(IntegerType.UInt8, 0, 0, isSymmetric));
        Assert.Equal(new Affine(IntegerType.Int8, 1, signedZero), Affine.Cover(IntegerType.Int8, 0, 1e-42f, isSymmetric));
    }

    [Fact]
    public void Ties_go_to_the_even_code_and_values_outside_to_the_ends()
    {
        var map = new Affine(IntegerType.UInt8, 1, 10);

        Assert.Equal([10, 12, 12, 8], new[] { 0.5f, 1.5f, 2.5f, -2.5f }.Select(map.Code));
        Assert.Equal([0, 255], new[] { -1e9f, 1e9f }.Select(map.Code));
    }

    [Fact]
    public void Codes_are_written_in_their_type()
    {
        Assert.Equal([0, 127, 128, 255], IntegerType.UInt8.Bytes([0, 127, 128, 255]));
        Assert.Equal([0x80, 0xff, 0x7f], IntegerType.Int8.Bytes([-128, -1, 127]));
        Assert.Equal([0x00, 0x80, 0xff, 0xff, 0xff, 0x7f], IntegerType.Int16.Bytes([-32768, -1, 32767]));
        Assert.Equal([0xff, 0xff, 0x00, 0x80], IntegerType.UInt16.Bytes([65535, 32768]));
        Assert.Equal([255, 255, 65535, 65535], Types.Select(type => type.Steps));
        Assert.Equal([false, false, true, true], Types.Select(type => type.IsWide));
        Assert.Equal(DataType.Int16, IntegerType.Int16.Element);
    }
}
