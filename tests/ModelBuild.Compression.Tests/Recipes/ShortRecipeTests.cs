using ModelBuild.Compression.Passes;

namespace ModelBuild.Compression.Tests.Recipes;

public sealed class ShortRecipeTests
{
    [Theory]
    [InlineData("optimize int8-weights least-squares gptq", "optimize int8-weights least-squares gptq")]
    [InlineData("int8(layers=/head/*:float|/body/c1:float|/body/c2:int8-weights) gptq(damping=0.1)", "int8(…) gptq(damping=0.1)")]
    [InlineData("int8(layers=\"a(1)\":float|\"b(2)\":float|c:float|d:float) bias-correction", "int8(…) bias-correction")]
    [InlineData("int8(layers=/head/*:float|/body/c1:float|/body/c2:int8-weights", "int8(layers=/head/*:float|/body/c1:float|/body/c2:int8-weights")]
    public void Long_recipes_lose_their_longest_options(string recipe, string expected) => Assert.Equal(expected, ShortRecipe.Of(recipe));
}
