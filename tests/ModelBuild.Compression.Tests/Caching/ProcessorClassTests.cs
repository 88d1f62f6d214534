using ModelBuild.Compression.Caching;

namespace ModelBuild.Compression.Tests.Caching;

public sealed class ProcessorClassTests
{
    private const string Neoverse =
        "Features\t: fp asimd evtstrm aes crc32 atomics fphp asimdhp cpuid asimdrdm asimddp sha512 sve asimdfhm sve2 svei8mm svebf16 i8mm bf16\n";
    private const string CortexA72 = "Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 cpuid\n";
    private const string CortexA76 = "Features\t: fp asimd evtstrm crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp\n";

    [Theory]
    [InlineData(Neoverse, "asimdhp-asimddp-i8mm-bf16-sve-sve2")]
    [InlineData(CortexA72, "")]
    [InlineData("processor\t: 0\n" + CortexA76 + "\nprocessor\t: 1\n" + CortexA76, "asimdhp-asimddp")]
    [InlineData("processor\t: 0\n" + CortexA72 + "\nprocessor\t: 1\n" + CortexA76, "")]
    [InlineData("", "")]
    public void The_extensions_of_an_arm_machine_are_those_that_all_its_processors_have(string processors, string expected) =>
        Assert.Equal(expected, ProcessorClass.ArmExtensionsOf(processors));

    [Fact]
    public void The_class_has_the_form_of_a_name()
    {
        Assert.Matches("^(linux|macos|windows|other)-(x64|arm64|x86|arm)-[a-z0-9-]+$", ProcessorClass.Text);
    }
}
