using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>A wrong length gets an exception that names the tensor, the expected shape and the given length.</summary>
public sealed class WrongLengthTests
{
    [Fact]
    public void Of_a_fixed_shape()
    {
        using var model = ReluModel.Load(TinyModels.Relu());
        Message("Input 'x' takes float32[1, 16]: 16 elements. 15 were given.", () => model.Run(new float[15]));
    }

    [Fact]
    public void Of_a_batch()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        Message("Input 'features' takes float32[batch, 64]: a multiple of 64 elements. 100 were given.", () => model.Run(new float[100]));
    }

    [Fact]
    public void Of_two_inputs_that_share_a_symbol()
    {
        using var model = PairModel.Load(TinyModels.Pair());
        Message(
            "Input 'right' takes float32[batch, length] with length = 2, batch = 2 from input 'left': 4 elements. 6 were given.",
            () => model.Run(new float[4], new float[6], length: 2)
        );
        Message(
            "Input 'left' takes float32[batch, length] with length = 4: a multiple of 4 elements. 6 were given.",
            () => model.Run(new float[6], new float[6], length: 4)
        );
    }

    [Fact]
    public void Of_said_dimensions_that_are_beyond_all_measure()
    {
        using var model = ImageModel.Load(TinyModels.Image());
        Assert.Throws<ArgumentException>(() => model.Run(new float[3], 0, int.MaxValue, int.MaxValue));
        using var square = SquareModel.Load(TinyModels.Square());
        Message("Input 'x' takes float32[side, side] with side = 3: 9 elements. 8 were given.", () => square.Run(new float[8], side: 3));
    }

    [Fact]
    public void Of_a_shape_that_the_caller_gives()
    {
        using var model = FreeModel.Load(TinyModels.Free());
        Message("Input 'x' was given the shape [2, 3] and 5 elements.", () => model.Run(new float[5], [2, 3]));
        Message("Input 'x' cannot have the shape [-1].", () => model.Run(new float[5], [-1]));
    }

    private static void Message(string expected, Action call) => Assert.Equal(expected, Assert.Throws<ArgumentException>(call).Message);
}
